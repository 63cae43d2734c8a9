import type { SpecEngine } from './spec-engine';

/** Invokes a function and waits for its log: the answer as Lambda gives it, its JSON as `body`, the log's tail as `log`. */
export async function invokeFunction({ call }: Pick<SpecEngine, 'call'>, name: string, event: unknown = {}) {
  const answer = await call('lambda', 'Invoke', {
    FunctionName: name,
    Payload: Buffer.from(JSON.stringify(event)),
    LogType: 'Tail',
  });
  const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8');
  return {
    ...answer,
    body: JSON.parse(text) as unknown,
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
  };
}
