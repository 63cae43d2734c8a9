import type { Stack } from '../support/stack';
import { runChaos } from './chaos';
import type { AwsClients } from './clients';
import type { CrashingCloud } from './local-cloud';

/** A stack without consumers, in which nothing ever waits. */
const stack = { api_endpoint: 'http://127.0.0.1:9', consumers: {} } as unknown as Stack;
const clients = {
  dynamodb: { send: () => Promise.resolve({ Count: 0 }) },
  events: { send: () => Promise.resolve({}) },
} as unknown as AwsClients;
const cloud = {
  startFaults: () => Promise.resolve(),
  stopFaults: () => Promise.resolve({}),
  advance: () => Promise.resolve(),
  runningInvocations: () => Promise.resolve({}),
} as unknown as CrashingCloud;

describe('runChaos', () => {
  it('comes to a verdict though a client and the judge fail; nobody else begins, and no disturbance is waited for', async () => {
    const begun: number[] = [];
    const report = await runChaos<string>({
      seed: 1,
      orders: 9,
      concurrency: 1,
      plan: { rates: {}, disturbances: ['engine-killed'] },
      workload: {
        run: async (index) => {
          begun.push(index);
          if (index === 3) throw new TypeError('no definite answer');
          return 'accepted';
        },
        judge: (accepted) => Promise.reject(new RangeError(`${accepted.length} can’t be judged`)),
      },
      stack,
      clients,
      cloud,
      runName: 'run',
      report: () => undefined,
    });

    expect(report.findings).toEqual([
      { kind: 'stuck', subject: 'client 3', detail: 'TypeError: no definite answer' },
      { kind: 'stuck', subject: 'judge', detail: 'RangeError: 3 can’t be judged' },
    ]);
    expect(report.counts).toMatchObject({ stuck: 2 });
    expect(begun).toEqual([0, 1, 2, 3]);
  }, 30_000);
});
