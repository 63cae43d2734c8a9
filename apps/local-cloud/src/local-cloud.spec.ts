import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  CollectedMetrics,
  type Caller,
  type Engine,
  type EngineLog,
  type EngineModule,
  type Service,
} from '@outbox/local-cloud-kernel';
import { startLocalCloud, type LocalCloud } from './local-cloud';
import type { Parts } from './modules';

const ROOT: Caller = { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', userId: '0' };

/** Parts that say when they start and stop; the one service counts its calls in the engine's store. */
function specParts(events: string[] = [], failing = false): Parts {
  return {
    identity: () => ({
      services: [],
      identity: {
        resolve: () => ({ caller: ROOT, secretAccessKey: 'local' }),
        assumeRole: () => {
          throw new Error('no roles here');
        },
        servicePrincipal: () => ROOT,
        resourcePolicyProblem: () => undefined,
        authorize: () => undefined,
        usage: () => [{ roleArn: 'arn:aws:iam::1:role/r', action: 'sqs:SendMessage', resource: 'arn:aws:sqs:::q' }],
        undocumented: () => [],
        denials: () => [],
      },
      start: async () => void events.push('identity starts'),
      stop: async () => void events.push('identity stops'),
    }),
    observability: () => ({ services: [], metrics: new CollectedMetrics() }),
    services: [(engine) => counter(engine, events, failing)],
  };
}

function counter(engine: Engine, events: string[], failing: boolean): EngineModule {
  const counts = engine.store.table<number>('counts');
  const sqs: Service<'sqs'> = {
    name: 'sqs',
    operations: {
      GetQueueUrl: {
        requires: () => [],
        handle: () => {
          counts.set('calls', (counts.get('calls') ?? 0) + 1);
          return { QueueUrl: `${engine.origin}/${counts.get('calls')}` };
        },
      },
    },
    faults: { kinds: ['queue-outage'] },
  };
  return {
    services: [sqs],
    settings: [
      { name: 'ruleDelayMs', initial: 0, min: 0, max: 3_600_000 },
      { name: 'accountConcurrency', initial: 1_000, min: 1, max: 100_000 },
    ],
    start: async () => {
      if (failing) throw new Error('no Java here');
      events.push('service starts');
    },
    stop: async () => void events.push('service stops'),
  };
}

const quiet: EngineLog = () => undefined;

describe('the local cloud', () => {
  let directory: string;
  const running: LocalCloud[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  });

  afterEach(async () => {
    for (const cloud of running.splice(0)) await cloud.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (parts: Parts = specParts(), port = 0): Promise<LocalCloud> => {
    const cloud = await startLocalCloud({ port, directory }, parts, quiet);
    running.push(cloud);
    return cloud;
  };

  const stop = async (cloud: LocalCloud): Promise<void> => {
    running.splice(running.indexOf(cloud), 1);
    await cloud.stop();
  };

  const queueUrl = async (cloud: LocalCloud): Promise<string | undefined> => {
    const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
    const client = new SQSClient({ endpoint: cloud.origin, region: 'us-east-1', credentials });
    return (await client.send(new GetQueueUrlCommand({ QueueName: 'q' }))).QueueUrl;
  };

  const json = async (cloud: LocalCloud, path: string, init?: RequestInit): Promise<unknown> =>
    (await fetch(`${cloud.origin}${path}`, init)).json();

  it('tells which permissions each role used', async () => {
    expect(await json(await start(), '/_local/usage')).toEqual({
      roles: { 'arn:aws:iam::1:role/r': [{ action: 'sqs:SendMessage', resource: 'arn:aws:sqs:::q' }] },
      undocumented: [],
    });
  });

  it('counts what each account called, be it run or refused', async () => {
    const cloud = await start();
    await queueUrl(cloud);
    const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
    const client = new SQSClient({ endpoint: cloud.origin, region: 'us-east-1', credentials });
    await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    expect(await json(cloud, '/_local/calls')).toEqual({ '000000000000': { sqs: { GetQueueUrl: 1, ListQueues: 1 } } });
  });

  it('collects garbage and tells what it keeps', async () => {
    const cloud = await start();
    // How much there is of it in all is up to the specs that this process ran before.
    const garbage = new WeakRef([cloud.origin]);
    const collected = await json(cloud, '/_local/memory', { method: 'POST' });
    expect(garbage.deref()).toBeUndefined();
    const { heapBytes = 0, residentBytes = 0 } = collected as Record<string, number>;
    expect(heapBytes).toBeGreaterThan(1e6);
    expect(residentBytes).toBeGreaterThan(heapBytes);
  });

  it('answers AWS calls, its health and what it runs', async () => {
    const cloud = await start();
    expect(await queueUrl(cloud)).toBe(`${cloud.origin}/1`);
    expect(await json(cloud, '/_local/health')).toEqual({ status: 'ready' });
    expect(await json(cloud, '/_local/info')).toMatchObject({
      account: '000000000000',
      port: cloud.port,
      services: { sqs: ['GetQueueUrl'] },
    });
    expect(readFileSync(join(directory, 'local-cloud.pid'), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('keeps state and clock over a restart', async () => {
    const first = await start();
    await queueUrl(first);
    const moved = await json(first, '/_local/clock', { method: 'POST', body: '{"advanceMs":86400000}' });
    expect(moved).toMatchObject({ offsetMs: 86_400_000 });
    await stop(first);
    expect(existsSync(join(directory, 'local-cloud.pid'))).toBe(false);

    const second = await start();
    expect(await json(second, '/_local/clock')).toMatchObject({ offsetMs: 86_400_000 });
    expect(await queueUrl(second)).toBe(`${second.origin}/2`);
  });

  it.each(['', '{}', '[]', '{"advanceMs":-1}', '{"advanceMs":"1"}', `{"advanceMs":${1e15}}`, 'x'.repeat(5_000)])(
    'does not move the clock by %.40j',
    async (body) => {
      const cloud = await start();
      const response = await fetch(`${cloud.origin}/_local/clock`, { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(await json(cloud, '/_local/clock')).toMatchObject({ offsetMs: 0 });
    },
  );

  it('lets no web page move the clock', async () => {
    const cloud = await start();
    const init = { method: 'POST', body: '{"advanceMs":1}', headers: { origin: 'https://example.com' } };
    expect((await fetch(`${cloud.origin}/_local/clock`, init)).status).toBe(403);
  });

  it('switches faults on and off, and tells what they did', async () => {
    const cloud = await start();
    const kinds = ['throttle', 'queue-outage'];
    const on = { method: 'POST', body: JSON.stringify({ seed: 7, rates: { throttle: 0, 'queue-outage': 1 } }) };
    expect(await json(cloud, '/_local/faults', on)).toMatchObject({ active: true, counts: { throttle: 0 } });
    const { counts } = (await json(cloud, '/_local/faults')) as { counts: Record<string, number> };
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(kinds));
    // The admin's own calls are spared.
    await queueUrl(cloud);
    expect(await json(cloud, '/_local/faults', { method: 'DELETE' })).toEqual({ active: false, counts });
  });

  it.each([
    ['', 'The body must be'],
    ['[]', 'The body must be'],
    ['{"seed":1}', 'rates must be'],
    ['{"seed":-1,"rates":{}}', 'seed must be'],
    ['{"seed":"1","rates":{}}', 'seed must be'],
    ['{"seed":1,"rates":{"flood":0.1}}', 'rates.flood is not known'],
    ['{"seed":1,"rates":{"deny":1.1}}', 'rates.deny must be a number from 0 to 1'],
    ['{"seed":1,"rates":{},"kinds":[]}', 'kinds is not known'],
  ])('refuses the fault settings %j and says: %s', async (body, message) => {
    const cloud = await start();
    const response = await fetch(`${cloud.origin}/_local/faults`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: expect.stringContaining(message) as unknown },
    ]);
    expect(await json(cloud, '/_local/faults')).toMatchObject({ active: false });
  });

  it('takes settings, keeps them, and refuses others', async () => {
    const cloud = await start();
    const set = (body: string) => fetch(`${cloud.origin}/_local/settings`, { method: 'POST', body });
    expect(await json(cloud, '/_local/settings')).toEqual({ ruleDelayMs: 0, accountConcurrency: 1000 });
    expect((await set('{"ruleDelayMs":2000}')).status).toBe(200);
    expect((await set('{"accountConcurrency":50}')).status).toBe(200);
    const refused = ['', '{}', '{"ruleDelayMs":-1}', '{"ruleDelayMs":"1"}', '{"ruleDelayMs":1,"other":1}'];
    for (const body of [...refused, '{"accountConcurrency":0}', '{"ruleDelayMs":1,"accountConcurrency":0}']) {
      expect((await set(body)).status).toBe(400);
    }
    expect(await json(cloud, '/_local/settings')).toEqual({ ruleDelayMs: 2000, accountConcurrency: 50 });
  });

  it('finds a text in what its services keep', async () => {
    const cloud = await start();
    await fetch(`${cloud.origin}/_local/settings`, { method: 'POST', body: '{"ruleDelayMs":20017}' });
    expect(await json(cloud, '/_local/find?text=20017')).toEqual({ tables: { 'engine.settings': 1 } });
    expect((await fetch(`${cloud.origin}/_local/find?text=`)).status).toBe(400);
  });

  it('starts its parts in order and stops them in reverse', async () => {
    const events: string[] = [];
    await stop(await start(specParts(events)));
    expect(events).toEqual(['identity starts', 'service starts', 'service stops', 'identity stops']);
  });

  it('says which port is in use and what to do, and leaves nothing behind', async () => {
    const cloud = await start();
    const other = mkdtempSync(join(tmpdir(), 'local-cloud-'));
    await expect(startLocalCloud({ port: cloud.port, directory: other }, specParts(), quiet)).rejects.toThrow(
      `port ${cloud.port} is in use: stop what listens there, or choose another with --port`,
    );
    expect(existsSync(join(other, 'state.sqlite'))).toBe(false);
    rmSync(other, { recursive: true });
  });

  it('refuses a directory another local cloud runs from, and does not take its pid file', async () => {
    await start();
    await expect(startLocalCloud({ port: 0, directory }, specParts(), quiet)).rejects.toThrow(
      `${directory} is in use by another local cloud`,
    );
    expect(existsSync(join(directory, 'local-cloud.pid'))).toBe(true);
  });

  it('stops what it started when a part does not start', async () => {
    const events: string[] = [];
    await expect(start(specParts(events, true))).rejects.toThrow('no Java here');
    expect(events).toEqual(['identity starts', 'service stops', 'identity stops']);
    await start();
  });
});
