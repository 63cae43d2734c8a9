import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '@outbox/local-cloud-kernel';
import { ACCOUNT_CONCURRENCY } from '../account-concurrency';
import { invokeFunction } from '../testing/invoke-function';
import { createFunction, startSpecEngine, until, zip, type SpecEngine } from '../testing/spec-engine';
import { specLogs } from '../testing/spec-logs';

const logs = specLogs();
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service]);
});
afterAll(() => spec.close());

/** What `/_local/invocations` shows. */
const runningInvocations = async (): Promise<unknown> => {
  const answer = await fetch(`${spec.engine.origin}/_local/invocations`);
  return ((await answer.json()) as { readonly running: unknown }).running;
};
const invoke = (name: string, event: unknown = {}) => invokeFunction(spec, name, event);

describe('a function that answers', () => {
  it('gets event, context and environment as on Lambda', async () => {
    await createFunction(
      spec,
      'echo',
      `exports.handler = async (event, context) => ({ event, context, left: context.getRemainingTimeInMillis(), env: process.env, cwd: process.cwd() })`,
      { Environment: { Variables: { TABLE: 'orders' } }, Timeout: 5, MemorySize: 256 },
    );
    const { body, FunctionError, StatusCode, ExecutedVersion } = await invoke('echo', { a: 'ü' });
    expect({ FunctionError, StatusCode, ExecutedVersion }).toEqual({
      FunctionError: undefined,
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
    });
    const { event, context, env, left, cwd } = body as {
      event: unknown;
      context: Record<string, unknown>;
      env: Record<string, string>;
      left: number;
      cwd: string;
    };
    expect(event).toEqual({ a: 'ü' });
    expect(context).toMatchObject({
      functionName: 'echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      logGroupName: '/aws/lambda/echo',
      callbackWaitsForEmptyEventLoop: true,
    });
    expect(left).toBeGreaterThan(1000);
    expect(left).toBeLessThanOrEqual(5000);
    expect(cwd).toBe(env['LAMBDA_TASK_ROOT']);
    expect(env).toMatchObject({
      TABLE: 'orders',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: spec.engine.origin,
      AWS_ACCESS_KEY_ID: 'ASIA-echo',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
    });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['HOME']));
    expect(Object.keys(env).filter((key) => key.startsWith('LOCAL_CLOUD'))).toEqual([]);
  });

  it.each([
    [
      'a callback',
      `exports.handler = (event, context, callback) => setTimeout(() => callback(null, 'later'), 5)`,
      'later',
    ],
    ['nothing', `exports.handler = () => undefined`, null],
    ['a promise that never settles', `exports.handler = () => new Promise(() => undefined)`, null],
    ['an ES module', { 'index.mjs': `export const handler = async () => 'esm'` }, 'esm'],
    ['undefined', `exports.handler = async () => undefined`, null],
    ['null that it throws', `exports.handler = () => { throw null }`, null],
  ])('may answer with %s', async (kind, code, expected) => {
    const name = `answers-${kind.replaceAll(' ', '-')}`;
    await createFunction(spec, name, code);
    expect((await invoke(name)).body).toEqual(expected);
    expect((await invoke(name)).body).toEqual(expected);
  });

  it('is reused warm and runs concurrent events in further environments', async () => {
    // Runs until the file is there, so that both events run at the same time however slow a process starts.
    const release = join(mkdtempSync(join(tmpdir(), 'warm-')), 'release');
    await createFunction(
      spec,
      'warm',
      `const { existsSync } = require('node:fs');
       exports.handler = async (file) => {
         console.log('running');
         while (file && !existsSync(file)) await new Promise((r) => setTimeout(r, 10));
         return process.pid;
       }`,
      { Timeout: 60 },
    );
    const running = () => logs.messages('/aws/lambda/warm').filter((line) => line.endsWith('running')).length;
    const first = await invoke('warm', '');
    const second = await invoke('warm', '');
    expect(second.body).toBe(first.body);
    const both = Promise.all([invoke('warm', release), invoke('warm', release)]);
    await until(() => running() === 4);
    writeFileSync(release, '');
    expect(new Set((await both).map((answer) => answer.body)).size).toBe(2);
  });

  it('lives in the engine clock’s time', async () => {
    await createFunction(
      spec,
      'clock',
      `exports.handler = async () => [Date.now(), new Date().getTime(), new Date() instanceof Date, Date.parse('1970-01-01T00:00:01Z')]`,
    );
    await invoke('clock');
    spec.clock.advance(3_600_000);
    const [now, constructed, isDate, parsed] = (await invoke('clock')).body as [number, number, boolean, number];
    expect(Math.abs(now - spec.clock.now())).toBeLessThan(5000);
    expect(Math.abs(constructed - now)).toBeLessThan(1000);
    expect([isDate, parsed]).toEqual([true, 1000]);
  });
});

describe('the log', () => {
  it('holds lines in order and format, between START, END and REPORT', async () => {
    await createFunction(
      spec,
      'logs',
      `console.log('init');
       exports.handler = async (event, context) => { console.log('two\\nlines', { a: 1 }); process.stdout.write('raw\\n'); console.error('bad'); return context.awsRequestId }`,
    );
    const { body, log } = await invoke('logs');
    const id = String(body);
    const lines = log.split(/\n(?!lines)/).map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z/, '<time>'));
    expect(lines).toEqual([
      `START RequestId: ${id} Version: $LATEST`,
      `<time>\t${id}\tINFO\ttwo\nlines { a: 1 }`,
      'raw',
      `<time>\t${id}\tERROR\tbad`,
      `END RequestId: ${id}`,
      expect.stringMatching(
        /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
      ),
      '',
    ]);
    await until(() => logs.messages('/aws/lambda/logs').some((line) => line.startsWith('REPORT')));
    expect(logs.messages('/aws/lambda/logs')[1]).toMatch(/\tundefined\tINFO\tinit$/);
    expect(logs.streams.some((stream) => /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/.test(stream))).toBe(true);
  });

  it('is JSON when the function says so, filtered by level', async () => {
    await createFunction(
      spec,
      'json',
      `exports.handler = async () => { console.debug('no'); console.info('yes', 1); console.warn(new Error('oops')) }`,
      {
        LoggingConfig: { LogFormat: 'JSON', LogGroup: '/own/group' },
      },
    );
    await invoke('json');
    await until(() => logs.messages('/own/group').some((line) => line.includes('platform.report')));
    const events = logs.messages('/own/group').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map((event) => event['type'] ?? event['level'])).toEqual([
      'platform.initStart',
      'platform.start',
      'INFO',
      'WARN',
      'platform.report',
    ]);
    expect(events[2]).toMatchObject({ message: 'yes 1', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(events[3]).toMatchObject({ message: { errorType: 'Error', errorMessage: 'oops' } });
  });

  it('is dropped without permission, and the function runs on', async () => {
    await createFunction(spec, 'mute', `exports.handler = async () => { console.log('unseen'); return 1 }`);
    spec.denied.add('logs:CreateLogStream');
    expect((await invoke('mute')).body).toBe(1);
    spec.denied.delete('logs:CreateLogStream');
    expect(logs.messages('/aws/lambda/mute')).toEqual([]);
  });
});

describe('Invoke', () => {
  it('refuses what is no JSON, an unknown function, an unknown runtime', async () => {
    await createFunction(spec, 'plain', `exports.handler = async (event) => event`);
    await expect(
      spec.call('lambda', 'Invoke', { FunctionName: 'plain', Payload: Buffer.from('{') }),
    ).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
    await expect(
      spec.call('lambda', 'Invoke', { FunctionName: 'plain', Payload: Buffer.from([0x22, 0xff, 0x22]) }),
    ).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
    await expect(spec.call('lambda', 'Invoke', { FunctionName: 'unknown' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:unknown:$LATEST',
    });
    for (const [Runtime, why] of [
      ['nodejs20.x', ' without its Node.js (npm install --save-dev nodejs20.x@npm:'],
      ['python3.13', ', it runs nodejs22.x'],
    ] as const) {
      await expect(createFunction(spec, 'other', '', { Runtime })).rejects.toMatchObject({
        code: 'UnsupportedOperation',
        message: expect.stringContaining(`the runtime ${Runtime}${why}`) as unknown,
      });
    }
    await expect(createFunction(spec, 'none', '', { Runtime: 'cobol85' as 'nodejs22.x' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringMatching(/^Value cobol85 at 'runtime' failed to satisfy constraint: .* or be a valid ARN$/),
    });
  });

  it('throttles above the reserved concurrency', async () => {
    await createFunction(
      spec,
      'reserved',
      `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)) }`,
    );
    await spec.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'reserved', ReservedConcurrentExecutions: 1 });
    const first = invoke('reserved');
    await expect(invoke('reserved')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await first;
  });

  it('throttles above the account’s concurrency', async () => {
    const code = `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)) }`;
    await createFunction(spec, 'one', code);
    await createFunction(spec, 'other', code);
    const settings = new Settings(spec.engine.store);
    const usual = settings.get(ACCOUNT_CONCURRENCY);
    settings.set(ACCOUNT_CONCURRENCY, 2);
    expect((await spec.call('lambda', 'GetAccountSettings', {})).AccountLimit).toMatchObject({
      ConcurrentExecutions: 2,
      UnreservedConcurrentExecutions: 1,
    });
    const running = [invoke('one'), invoke('other')];
    expect(await runningInvocations()).toEqual({
      'arn:aws:lambda:us-east-1:000000000000:function:one': 1,
      'arn:aws:lambda:us-east-1:000000000000:function:other': 1,
    });
    await expect(invoke('other')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await Promise.all(running);
    settings.set(ACCOUNT_CONCURRENCY, usual);
    await invoke('other');
    expect(await runningInvocations()).toEqual({});
  });

  it('runs new code after an update, and lets what runs finish on the old', async () => {
    const code = (answer: string): string =>
      `exports.handler = async (ms) => { await new Promise((r) => setTimeout(r, ms)); return '${answer}' }`;
    await createFunction(spec, 'updated', code('old'));
    await invoke('updated', 0);
    const running = invoke('updated', 500);
    const changed = await spec.call('lambda', 'UpdateFunctionCode', {
      FunctionName: 'updated',
      ZipFile: zip(code('new')),
    });
    expect(changed.LastUpdateStatus).toBe('InProgress');
    expect((await invoke('updated', 0)).body).toBe('new');
    expect((await running).body).toBe('old');
  });
});
