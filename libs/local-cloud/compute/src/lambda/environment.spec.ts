import { constants, getPriority } from 'node:os';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../testing/spec-engine';
import { specLogs } from '../testing/spec-logs';

const logs = specLogs();
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service]);
});
afterAll(() => spec.close());

async function invoke(FunctionName: string): Promise<unknown> {
  const { Payload } = await spec.call('lambda', 'Invoke', { FunctionName });
  return JSON.parse(Buffer.from(Payload ?? new Uint8Array()).toString('utf8'));
}

describe('an environment', () => {
  it('stays warm when the clock jumps, but is not used again once its credentials run out', async () => {
    await createFunction(spec, 'pid', 'exports.handler = async () => process.pid');
    const first = await invoke('pid');
    for (const jump of [60_000, 6 * 3_600_000]) {
      spec.clock.advance(jump);
      expect(await invoke('pid')).toBe(first);
    }
    spec.clock.advance(12 * 3_600_000);
    expect(await invoke('pid')).not.toBe(first);
  });

  it('lets functions that somebody waits for go first, as soon as nobody waits for what it does', async () => {
    await createFunction(spec, 'priority', `exports.handler = async () => console.log(require('os').getPriority())`);
    const told = (): number[] =>
      logs
        .messages('/aws/lambda/priority')
        .flatMap((line) => /\tINFO\t(-?\d+)$/.exec(line)?.[1] ?? [])
        .map(Number);
    await invoke('priority');
    await until(() => told().length === 1);
    await spec.call('lambda', 'Invoke', { FunctionName: 'priority', InvocationType: 'Event' });
    await until(() => told().length === 2);
    expect(told()).toEqual([getPriority(), constants.priority.PRIORITY_BELOW_NORMAL]);
  });

  it.each([
    [
      'text',
      undefined,
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.Unknown$/,
    ],
    [
      'JSON',
      { LogFormat: 'JSON' as const },
      /"type":"platform.initReport","record":\{.*"status":"error","errorType":"Runtime\.Unknown"/,
    ],
  ])('reports a failed init in its log: %s', async (kind, LoggingConfig, line) => {
    const name = `init-${kind}`;
    await createFunction(spec, name, `console.log('starting'); throw new RangeError('no')`, { LoggingConfig });
    expect(await invoke(name)).toMatchObject({ errorType: 'RangeError' });
    await until(() => logs.messages(`/aws/lambda/${name}`).some((message) => line.test(message)));
    const messages = logs.messages(`/aws/lambda/${name}`);
    expect(messages.findIndex((message) => message.includes('starting'))).toBeLessThan(
      messages.findIndex((message) => line.test(message)),
    );
  });

  it('logs as much of the system as its level says', async () => {
    const types = async (SystemLogLevel: 'DEBUG' | 'INFO' | 'WARN', code: string): Promise<unknown[]> => {
      const name = `system-${SystemLogLevel}`;
      await createFunction(spec, name, code, { LoggingConfig: { LogFormat: 'JSON', SystemLogLevel } });
      await invoke(name);
      await until(() => logs.messages(`/aws/lambda/${name}`).some((line) => line.includes('platform.report')));
      const lines = logs.messages(`/aws/lambda/${name}`).map((line) => JSON.parse(line) as Record<string, unknown>);
      return lines.map(({ type }) => type).filter((type) => type !== undefined);
    };
    const good = 'exports.handler = async () => 1';
    expect(await types('DEBUG', good)).toEqual([
      'platform.initStart',
      'platform.start',
      'platform.runtimeDone',
      'platform.report',
    ]);
    expect(await types('INFO', good)).toEqual(['platform.initStart', 'platform.start', 'platform.report']);
    expect(await types('WARN', 'exports.handler = async () => { throw new Error() }')).toEqual([
      'platform.runtimeDone',
      'platform.report',
    ]);
  });

  it('runs what an alias of $LATEST stands for', async () => {
    await createFunction(spec, 'aliased', 'exports.handler = async (_, { functionVersion }) => functionVersion');
    await spec.call('lambda', 'CreateAlias', { FunctionName: 'aliased', Name: 'dev', FunctionVersion: '$LATEST' });
    expect(await invoke('aliased:dev')).toBe('$LATEST');
  });

  it.each([false, true])(
    'is started before the first event of a version that an alias names, once: moved: %s',
    async (moved) => {
      const FunctionName = `ahead-${moved}`;
      const lines = (start: string) =>
        logs.messages(`/aws/lambda/${FunctionName}`).filter((line) => line.startsWith(start));
      await createFunction(spec, FunctionName, 'exports.handler = async () => process.pid', { Publish: true });
      if (moved) {
        await spec.call('lambda', 'CreateAlias', { FunctionName, Name: 'live', FunctionVersion: '$LATEST' });
        await spec.call('lambda', 'UpdateAlias', { FunctionName, Name: 'live', FunctionVersion: '1' });
      } else await spec.call('lambda', 'CreateAlias', { FunctionName, Name: 'live', FunctionVersion: '1' });
      await until(() => lines('INIT_START').length > 0);
      expect(await invoke(`${FunctionName}:live`)).toBe(await invoke(`${FunctionName}:live`));
      await until(() => lines('REPORT').length === 2);
      // Lambda reports the time of the init phase with the first invocation, whenever that phase was.
      expect(lines('REPORT').map((line) => line.includes('Init Duration'))).toEqual([true, false]);
      expect(lines('INIT_START')).toHaveLength(1);
    },
  );

  it('has its function’s configurations for asynchronous events listed', async () => {
    await createFunction(spec, 'listed', 'exports.handler = async () => 1');
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName: 'listed', MaximumRetryAttempts: 1 });
    const { FunctionEventInvokeConfigs } = await spec.call('lambda', 'ListFunctionEventInvokeConfigs', {
      FunctionName: 'listed',
    });
    expect(FunctionEventInvokeConfigs).toMatchObject([
      { FunctionArn: expect.stringMatching(/:function:listed:\$LATEST$/), MaximumRetryAttempts: 1 },
    ]);
  });
});
