import { isJsonObject, parseJson, type Json, type JsonObject } from '@outbox/local-cloud-pattern';
import { ExecutionError } from '../errors';
import { invocationFailed, type Delivered, type PipeTarget } from './pipe-target';
import { bodyOf, transformed, type TargetEvent } from './target-event';

/** What a function gets of one event. */
interface Item {
  readonly item: Json;
}

/**
 * Lambda Invoke with the whole batch as a JSON array. A stream's order is kept, so the function is waited for unless the
 * parameters say otherwise (EventBridge guide, "Pipes batching and concurrency" and "Invocation types").
 */
export const functionTarget: PipeTarget = {
  service: 'lambda',
  parameters: 'LambdaFunctionParameters',
  maxBatch: 10_000,
  arn: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/,
  prepare: (pipe, events, variables) =>
    transformed(() =>
      events.map((event): Item => {
        const text = bodyOf(pipe, event, variables);
        return { item: parseJson(text) ?? text };
      }),
    ),
  send: async (entries, events, { pipe, role, engine }) => {
    const isAsync = pipe.targetParameters?.LambdaFunctionParameters?.InvocationType === 'FIRE_AND_FORGET';
    const InvocationType = isAsync ? ('Event' as const) : ('RequestResponse' as const);
    const Payload = Buffer.from(JSON.stringify((entries as Item[]).map(({ item }) => item)));
    const { FunctionError, Payload: answered } = await engine.calls
      .call('lambda', 'Invoke', { FunctionName: pipe.target, InvocationType, Payload }, role.as())
      .catch(invocationFailed('lambda'));
    const answer = answered === undefined ? '' : Buffer.from(answered).toString();
    if (FunctionError) throw new ExecutionError('TARGET_INVOCATION', answer, 'lambda', 200);
    return { ...reported(answer, events), answer };
  },
};

/**
 * A function may name the events that failed by their `eventID`, those of a queue by their `messageId`; one that names a stranger fails the batch (EventBridge guide,
 * "Partial batch failure").
 */
function reported(answer: string, events: readonly TargetEvent[]): Pick<Delivered, 'failed' | 'error'> {
  const value = parseJson(answer);
  const failures = isJsonObject(value) ? value['batchItemFailures'] : undefined;
  if (!Array.isArray(failures) || failures.length === 0) return { failed: [] };
  const ids = events.map(({ event, record }) => idOf(record ?? event));
  const failed = failures.map((one) => (isJsonObject(one) ? ids.indexOf(one['itemIdentifier'] ?? '') : -1));
  const error = 'The function reported failed items.';
  return failed.includes(-1) ? { failed: [...events.keys()], error } : { failed, error };
}

function idOf({ eventID, messageId }: JsonObject): Json | undefined {
  return eventID ?? messageId;
}
