import { invokeFunction } from '../testing/invoke-function';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../testing/spec-engine';
import { specLogs } from '../testing/spec-logs';

const logs = specLogs();
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service]);
});
afterAll(() => spec.close());

const invoke = (name: string, event: unknown = {}) => invokeFunction(spec, name, event);

describe('a function that fails', () => {
  it.each([
    [
      'throws',
      `exports.handler = async () => { throw new TypeError('no') }`,
      { errorType: 'TypeError', errorMessage: 'no' },
    ],
    [
      'rejects with a string',
      `exports.handler = () => Promise.reject('plain')`,
      { errorType: 'string', errorMessage: 'plain' },
    ],
    [
      'fails in the background',
      `exports.handler = () => new Promise(() => { setTimeout(() => { throw new Error('late') }, 5) })`,
      { errorType: 'Error', errorMessage: 'late' },
    ],
    [
      'leaves a rejection unhandled',
      `exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); setTimeout(() => 0, 500) })`,
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    ['fails to load', `throw new Error('at init')`, { errorType: 'Error', errorMessage: 'at init' }],
    [
      'has no such export',
      `exports.other = 1`,
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    ['has a syntax error', `this is no code`, { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'misses a module',
      `require('not-there'); exports.handler = async () => 1`,
      { errorType: 'Runtime.ImportModuleError' },
    ],
    [
      'misses a module as an ES module',
      { 'index.mjs': `import 'not-there'; export const handler = async () => 1` },
      { errorType: 'Error', errorMessage: expect.stringMatching(/^Cannot find package 'not-there'/) },
    ],
    [
      'throws an error that leads to itself',
      `exports.handler = async () => { const error = new Error('round'); throw Object.assign(error, { error, big: 1n }) }`,
      { errorType: 'Error', errorMessage: 'round' },
    ],
    [
      'throws null in the background',
      `exports.handler = () => new Promise(() => setTimeout(() => { throw null }))`,
      { errorType: 'handled' },
    ],
    [
      'waits for what never comes',
      `exports.handler = async () => { await new Promise(() => undefined) }`,
      { errorType: 'Runtime.NodeJsExit' },
    ],
    [
      'streams its answer',
      `exports.handler = awslambda.streamifyResponse(async () => undefined)`,
      { errorType: 'Error', errorMessage: expect.stringMatching(/does not support response streaming/) },
    ],
    [
      'leaves a rejection unhandled as it is loaded',
      `Promise.reject(new Error('early')); exports.handler = async () => 1`,
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: early' },
    ],
    [
      'throws in the background as it is loaded',
      `setImmediate(() => { throw new Error('soon') }); exports.handler = () => new Promise((r) => setTimeout(r, 1000))`,
      { errorType: 'Error', errorMessage: 'soon' },
    ],
    [
      'exits as it is loaded',
      `process.exit(1)`,
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/,
        ),
      },
    ],
  ])('reports that it %s', async (kind, code, expected) => {
    const name = `fails-${kind.replaceAll(' ', '-')}`;
    await createFunction(spec, name, code);
    for (const _time of [1, 2]) {
      const answer = await invoke(name);
      expect(answer.StatusCode).toBe(200);
      expect(answer.FunctionError).toBe('Unhandled');
      expect(answer.body).toMatchObject(expected);
    }
  });

  it.each([
    ['while it is sent', 0],
    ['later', 50],
  ])('fails the next event with what went wrong after the answer, %s', async (_, delayMs) => {
    const code = `exports.handler = async (wait) => {
      if (wait) return new Promise((resolve) => setTimeout(resolve, 1000));
      setTimeout(() => { console.log('gone wrong'); throw new Error('afterwards') }, ${delayMs});
    }`;
    const name = `afterwards-${delayMs}`;
    await createFunction(spec, name, code);
    expect((await invoke(name, false)).body).toBeNull();
    await until(() => logs.messages(`/aws/lambda/${name}`).some((line) => line.includes('gone wrong')));
    expect((await invoke(name, true)).body).toMatchObject({ errorType: 'Error', errorMessage: 'afterwards' });
    expect((await invoke(name, true)).body).toBeNull();
  });

  const twice = `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    exports.handler = async (fails) => {
      setTimeout(() => { throw new Error('first') }, 1);
      await sleep(2);
      if (fails) throw new Error('second');
      return 'done';
    }`;

  it.each([true, false])(
    'ends the process of the first of two ends of an event, once (it fails again: %s)',
    async (fails) => {
      const name = `twice-${fails}`;
      await createFunction(spec, name, twice);
      const answers = await Promise.all([1, 2, 3].map(() => invoke(name, fails)));
      for (const { body } of answers) expect(body).toMatchObject({ errorType: 'Error', errorMessage: 'first' });
      // Which waits until the last process has ended.
      await spec.call('lambda', 'DeleteFunction', { FunctionName: name });
    },
  );

  it('reports an exit of the process, and runs again in a new one', async () => {
    await createFunction(
      spec,
      'exits',
      `exports.handler = async (code) => { if (code) process.exit(code); return 'alive' }`,
    );
    const { body } = await invoke('exits', 3);
    expect(body).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: .* Error: Runtime exited with error: exit status 3$/),
    });
    expect((await invoke('exits', 0)).body).toBe('alive');
  });

  it.each([
    [
      'kill-before-answer',
      { errorType: 'Runtime.ExitError', errorMessage: / Error: Runtime exited with error: signal: killed$/ },
    ],
    ['timeout', { errorType: 'Sandbox.Timedout', errorMessage: / Error: Task timed out after 3\.00 seconds$/ }],
  ] as const)('fails under the fault %s, and runs again without it', async (fault, { errorType, errorMessage }) => {
    await createFunction(spec, fault, `exports.handler = async () => 'done'`);
    spec.engine.faults.configure({ seed: 1, rates: { [fault]: 1 } });
    const failed = await invoke(fault);
    spec.engine.faults.configure(undefined);
    expect(failed.body).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    expect((await invoke(fault)).body).toBe('done');
  });

  it('is the one whose key a fault kills', async () => {
    await createFunction(spec, 'killed', `exports.handler = () => new Promise(() => setInterval(() => 0, 1000))`);
    const running = invoke('killed');
    await until(() => logs.messages('/aws/lambda/killed').some((line) => line.startsWith('START')));
    spec.engine.faults.configure({ seed: 1, rates: { 'kill-after-call': 1 } });
    expect(spec.engine.faults.strikesProcess('kill-after-call', 'ASIA-other')).toBe(false);
    expect(spec.engine.faults.strikesProcess('kill-after-call', 'ASIA-killed')).toBe(true);
    spec.engine.faults.configure(undefined);
    expect((await running).body).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  it('is ended after its timeout', async () => {
    await createFunction(
      spec,
      'slow',
      `exports.handler = (event) => event.fast ? Promise.resolve('ok') : new Promise(() => setInterval(() => 0, 1000))`,
      { Timeout: 1 },
    );
    await invoke('slow', { fast: true });
    const answer = await invoke('slow');
    expect(answer.body).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/ Error: Task timed out after 1\.00 seconds$/),
    });
    expect(answer.log).toMatch(/Task timed out after 1\.00 seconds/);
    expect((await invoke('slow', { fast: true })).body).toBe('ok');
  });

  it('may not answer more than 6 MB', async () => {
    await createFunction(spec, 'large', `exports.handler = async () => 'x'.repeat(6_300_000)`);
    expect((await invoke('large')).body).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });
});

describe('the log of a function that fails', () => {
  const shape = (log: string): string[] =>
    log
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
          .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z/, '<time>')
          .replace(/Duration: .*Max Memory Used: \d+ MB/, '…')
          .replace(/(\tInit Duration|: Init Duration): [\d.]+ ms/, ''),
      );

  it('tells of an exit, and its type in the report', async () => {
    await createFunction(spec, 'log-exit', `exports.handler = async () => process.exit(0)`);
    expect(shape((await invoke('log-exit')).log)).toEqual([
      'START RequestId: <id> Version: $LATEST',
      'RequestId: <id> Error: Runtime exited without providing a reason',
      'Runtime.ExitError',
      'END RequestId: <id>',
      'REPORT RequestId: <id>\t…\tStatus: error\tError Type: Runtime.ExitError',
    ]);
  });

  it('tells of the event whose environment could not be started', async () => {
    await createFunction(spec, 'log-init', `exports.other = 1`);
    const { log } = await invoke('log-init');
    expect(shape(log)).toEqual([
      'START RequestId: <id> Version: $LATEST',
      'END RequestId: <id>',
      'REPORT RequestId: <id>\t…\tStatus: error\tError Type: Runtime.HandlerNotFound',
    ]);
    const written = () => logs.messages('/aws/lambda/log-init');
    await until(() => written().some((line) => line.startsWith('REPORT')));
    expect(written().map((line) => line.split(/[ \t{]/)[0])).toEqual([
      'INIT_START',
      expect.stringMatching(/^\d{4}-/),
      'INIT_REPORT',
      'START',
      'END',
      'REPORT',
    ]);
    expect(written()[1]).toMatch(
      /Z\tundefined\tERROR\tUncaught Exception \t\{"errorType":"Runtime\.HandlerNotFound","errorMessage":"index\.handler is undefined or not exported","stack":\["Runtime\.HandlerNotFound: index/,
    );
  });

  it('has the error, its own fields and what can be said of one that leads to itself', async () => {
    await createFunction(
      spec,
      'log-error',
      `exports.handler = async (circle) => {
         const error = Object.assign(new TypeError('no'), { code: 'E_NO', cause: undefined, order: 7 });
         throw Object.assign(error, circle ? { error } : {});
       }`,
    );
    const line = async (circle: boolean) => (await invoke('log-error', circle)).log.split('\n')[1];
    expect(await line(false)).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"no","code":"E_NO","order":7,"stack":\["TypeError: no",/,
    );
    expect(await line(true)).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"no","trace":\["TypeError: no",/,
    );
  });

  it('is complete when a function writes no line break', async () => {
    const code = `exports.handler = async () => { process.stdout.write('one'); console.log('two'); process.stderr.write('three') }`;
    await createFunction(spec, 'log-partial', code);
    for (const _time of [1, 2]) {
      const { log, body } = await invoke('log-partial');
      expect(body).toBeNull();
      expect(shape(log).slice(1, -2).sort()).toEqual(['<time>\t<id>\tINFO\ttwo', 'one', 'three']);
    }
  });
});
