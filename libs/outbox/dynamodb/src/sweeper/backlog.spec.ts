import { sequenceOf, type BusEntry } from '@outbox/outbox-rules';
import { createFakeClock, recordingTelemetry } from '@outbox/testing';
import { FakeOutboxTable } from '../testing/fake-outbox-table';
import { THRESHOLD_MS } from '../testing/lab';
import { SweepIncomplete, type BusVerdict, type Share, type ShareReport, type SweeperPorts } from './ports';
import { sweep } from './sweep';
import { workShare } from './work-share';

const START = Date.UTC(2026, 0, 1);

describe('a sweep of a large backlog', () => {
  it('publishes twice as much with every run, with no cap, as long as it comes back', async () => {
    const { fill, run, acknowledge, left } = setUp();
    fill({ aggregates: 1_000, versions: 4 });
    const published: number[] = [];
    for (let minute = 0; left() > 0 && minute < 10; minute += 1) {
      published.push((await run()).published);
      acknowledge();
    }
    expect(published).toEqual([500, 1_000, 2_000, 500]);
  });

  it('hands out shares, an aggregate’s events to one worker and in sequence', async () => {
    const { fill, grow, run, shares, sequences } = setUp();
    fill({ aggregates: 600, versions: 5 });
    await grow();
    expect(await run()).toMatchObject({ due: 3_000, published: 3_000 });
    expect(shares).toHaveLength(3);
    const owners = shares.flatMap(({ keys }) => [...new Set(keys.map(({ pk }) => pk))]);
    expect(new Set(owners).size).toBe(owners.length);
    for (const { keys, deadline, now } of shares) {
      expect(deadline - now).toBeGreaterThan(0);
      expect(keys.length).toBeLessThan(1_100);
    }
    for (const published of sequences().values()) expect(published).toEqual([1, 2, 3, 4, 5]);
    expect(sequences().size).toBe(600);
  });

  it('works itself what it can’t hand out, and nothing twice', async () => {
    const { fill, grow, run, shares, left, acknowledge, sequences } = setUp({ work: () => Promise.resolve(undefined) });
    fill({ aggregates: 2_500, versions: 1 });
    await grow();
    expect(await run()).toMatchObject({ published: 2_500, outOfTime: false });
    acknowledge();
    expect([shares.length, left()]).toEqual([3, 0]);
    expect([...sequences().values()].flat()).toHaveLength(2_500);
  });

  it('finishes the other shares when one fails, and says that it did', async () => {
    let failed = 0;
    const { fill, grow, run, acknowledge, left, counted } = setUp({
      work: (share, ports) =>
        (failed += 1) === 1
          ? Promise.reject(new Error('Task timed out'))
          : workShare(ports, share.keys, share.now, () => 30_000),
    });
    fill({ aggregates: 3_000, versions: 1 });
    await grow();
    await expect(run()).rejects.toThrow(new SweepIncomplete(1, 'Error: Task timed out'));
    acknowledge();
    expect(left()).toBe(1_000);
    expect(counted).toMatchObject({ EventsRepublished: 2_000 });
  });

  it('waits where the bus throttles, which costs no further attempt', async () => {
    let calls = 0;
    const { fill, run, sequences, waits, left } = setUp({
      // Every third entry is one too many.
      verdict: () => ((calls += 1) % 3 === 0 ? { throttled: 'ThrottlingException: slow down' } : undefined),
    });
    fill({ aggregates: 20, versions: 3 });
    expect(await run()).toMatchObject({ published: 60, refused: 0 });
    expect(waits.length).toBeGreaterThan(0);
    expect([...sequences().values()].flat()).toHaveLength(60);
    expect(left()).toBe(60);
  });

  it('ends in time when the bus throttles all of it, and notes why', async () => {
    const { fill, run, left, refusals } = setUp({ verdict: () => ({ throttled: 'ThrottlingException: slow down' }) });
    fill({ aggregates: 20, versions: 3 });
    let remaining = 30_000;
    const report = await run(() => (remaining -= 1_000));
    expect(report).toMatchObject({ published: 0, refused: 60 });
    expect([left(), refusals() > 0]).toEqual([60, true]);
  });

  it('takes hours of a bus out of reach without a used attempt or a long back-off', async () => {
    let isDown = true;
    const { fill, run, acknowledge, left, attempts, wait } = setUp({
      latency: () => (isDown ? Promise.reject(new Error('AccessDeniedException: explicit deny')) : Promise.resolve()),
    });
    fill({ aggregates: 100, versions: 3 });
    for (let minute = 0; minute < 240; minute += 1) {
      await expect(run()).rejects.toThrow(SweepIncomplete);
      wait(60_000);
    }
    expect(new Set(attempts())).toEqual(new Set([0]));
    isDown = false;
    wait(60_000);
    expect(await run()).toMatchObject({ published: 300, refused: 0, failed: 0 });
    acknowledge();
    expect(left()).toBe(0);
  });

  it.each<[string, BusVerdict]>([
    ['fails itself', { broken: 'InternalFailure: unknown' }],
    ['lets nobody in', { unavailable: 'AccessDeniedException: not for you' }],
  ])('takes a day of a bus that %s, entry by entry, without a used attempt or a long back-off', async (_, outage) => {
    let isDown = true;
    const { fill, run, left, acknowledge, attempts, wait } = setUp({ verdict: () => (isDown ? outage : undefined) });
    fill({ aggregates: 3, versions: 2 });
    for (let quarter = 0; quarter < 96; quarter += 1) {
      let remaining = 12_000;
      await run(() => (remaining -= 1_000));
      wait(15 * 60_000);
    }
    expect(new Set(attempts())).toEqual(new Set([0]));
    isDown = false;
    expect(await run()).toMatchObject({ published: 6, failed: 0 });
    acknowledge();
    expect(left()).toBe(0);
  });

  it('holds up no event behind one that the bus fails at', async () => {
    const broken = { broken: 'InternalFailure: unknown' };
    const { fill, run, left, acknowledge, waits } = setUp({
      verdict: ({ detail }) => (partitionKeyOf(detail) === 'parcel#p-0' ? broken : undefined),
    });
    fill({ aggregates: 200, versions: 1 });
    let remaining = 40_000;
    const report = await run(() => (remaining -= 1_000));
    expect(report).toMatchObject({ published: 199, refused: 1, outOfTime: false });
    expect(waits).toHaveLength(2);
    acknowledge();
    expect(left()).toBe(1);
  });

  it('counts the attempts of an event that the bus refuses', async () => {
    const { fill, run, attempts } = setUp({ verdict: () => 'MalformedDetail: Detail is malformed.' });
    fill({ aggregates: 1, versions: 1 });
    await run();
    expect(attempts()).toEqual([1]);
  });

  it('publishes several aggregates at a time', async () => {
    const busy = { now: 0, most: 0 };
    const { fill, run } = setUp({
      latency: async () => {
        busy.now += 1;
        busy.most = Math.max(busy.most, busy.now);
        await Promise.resolve();
        busy.now -= 1;
      },
    });
    fill({ aggregates: 500, versions: 1 });
    expect(await run()).toMatchObject({ published: 500 });
    expect(busy.most).toBeGreaterThan(4);
  });
});

function partitionKeyOf(detail: string): string {
  return (JSON.parse(detail) as { readonly partitionkey: string }).partitionkey;
}

interface Setting {
  readonly work?: (share: Share, ports: SweeperPorts) => Promise<ShareReport | undefined>;
  readonly verdict?: (entry: BusEntry) => BusVerdict;
  /** What a call of the bus costs. */
  readonly latency?: () => Promise<void>;
}

function setUp({
  work = (share, ports) => workShare(ports, share.keys, share.now, () => 30_000),
  verdict = () => undefined,
  latency = () => Promise.resolve(),
}: Setting = {}) {
  const fake = new FakeOutboxTable();
  const clock = createFakeClock(START);
  const telemetry = recordingTelemetry();
  const shares: Share[] = [];
  const waits: number[] = [];
  const taken: { readonly pk: string; readonly sk: string; readonly sequence: number }[] = [];
  let refusals = 0;
  const ports: SweeperPorts = {
    table: { dynamodb: fake.client, tableName: 'outbox' },
    bus: {
      put: async (entries) => {
        await latency();
        return entries.map((entry) => {
          const answer = verdict(entry);
          if (answer !== undefined) refusals += 1;
          else {
            const { partitionkey: pk, sequence } = JSON.parse(entry.detail) as Record<string, string>;
            const sk = `EVENT#${String(sequence).padStart(10, '0')}`;
            taken.push({ pk: pk ?? '', sk, sequence: sequenceOf({ sk }) });
          }
          return answer;
        });
      },
    },
    workers: {
      atOnce: 3,
      work: (share) => {
        shares.push(share);
        return work(share, ports);
      },
    },
    policy: { thresholdMs: THRESHOLD_MS, start: 500 },
    clock,
    retry: { random: () => 0.5, sleep: (ms) => Promise.resolve(void waits.push(ms)) },
    ...telemetry,
  };
  const acknowledge = (): void => {
    for (const { pk, sk } of taken) fake.acknowledge(pk, sk);
    clock.advance(60_000);
  };
  return {
    ...telemetry,
    shares,
    waits,
    acknowledge,
    refusals: () => refusals,
    left: () => fake.unpublished().length,
    attempts: () => fake.unpublished().map((item) => item.attempts),
    wait: (ms: number): void => clock.advance(ms),
    run: (remainingMs = () => 50_000) => sweep(ports, clock.now(), remainingMs),
    /** Commits what is due by now. */
    fill: ({ aggregates, versions }: { readonly aggregates: number; readonly versions: number }): void => {
      for (let version = 1; version <= versions; version += 1) {
        for (let id = 0; id < aggregates; id += 1) fake.commit(`p-${id}`, version, clock.now() - 3_600_000 + version);
      }
    },
    /** The budget that some minutes of a backlog would lead to. */
    grow: async (): Promise<void> => {
      const Item = {
        pk: { S: '#sweeper' },
        sk: { S: 'STATE' },
        entity: { S: 'SweeperState' },
        budget: { N: '5000' },
        sample: { L: [] },
        sampledAt: { S: '2026-01-01T00:00:00.000Z' },
        revision: { N: '1' },
      };
      await fake.client.send({ input: { TableName: 'outbox', Item } } as never);
    },
    sequences: () => {
      const byAggregate = new Map<string, number[]>();
      for (const { pk, sequence } of taken) byAggregate.set(pk, [...(byAggregate.get(pk) ?? []), sequence]);
      return byAggregate;
    },
  };
}
