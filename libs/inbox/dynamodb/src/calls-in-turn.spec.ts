import { createSeededIds, createTable, recordingTelemetry, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { writeSkip } from './skip';
import { CallLab, IN_ORDER, TABLES, type CallLabOptions } from './testing/call-lab';

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
  for (const table of Object.values(TABLES)) await createTable(local.client, table);
}, 40_000);
afterAll(() => local.stop());

let labs = 0;
const lab = (options: Partial<CallLabOptions> = {}) =>
  new CallLab(`turn-${(labs += 1)}`, {
    dynamodb: local.client,
    ids: createSeededIds(labs),
    logger: recordingTelemetry().logger,
    ...options,
  });
const fail = (message = 'the carrier is down') => {
  throw new Error(message);
};

describe('a consumer of the latest that calls', () => {
  const policy = { kind: 'latest' } as const;

  it('makes no call for what is older than what it began', async () => {
    const world = lab({ policy, call: ({ sequence }) => void (sequence === '5' && fail()) });
    expect(await world.deliver(5)).toMatchObject({ kind: 'retry' });
    expect(await world.deliver(3)).toEqual({ kind: 'skip', reason: 'superseded' });
    expect(world.calls).toEqual([`${world.id}-5`]);
  });

  it('goes on with what is newer than what failed, and keeps what it had until then', async () => {
    const world = lab({ policy, call: ({ sequence }) => void (sequence === '3' && fail()) });
    await world.deliver(2);
    await world.deliver(3);
    expect(await world.rows()).toEqual([
      expect.objectContaining({ lastVersion: 2, pending: expect.objectContaining({ version: 3 }) }),
    ]);
    expect(await world.deliver(5)).toEqual({ kind: 'apply' });
    expect(await world.deliver(3)).toEqual({ kind: 'skip', reason: 'superseded' });
    expect(await world.rows()).toEqual([expect.objectContaining({ lastVersion: 5, attempts: 1 })]);
    expect(await world.pending()).toBeUndefined();
  });
});

describe('a consumer in order', () => {
  const policy = IN_ORDER;
  const LATE = { receipt: { firstReceivedAt: 0 } };

  it('holds an aggregate whose event is a dead letter, however long, until it is brought back', async () => {
    let isDown = true;
    const world = lab({ policy, maxAttempts: 1, call: ({ sequence }) => void (isDown && sequence === '2' && fail()) });
    await world.deliver(1);
    expect(await world.deliver(2)).toMatchObject({ kind: 'dead-letter', reason: 'attempts' });
    world.now += 3_600_000;
    expect(await world.deliver(3)).toMatchObject({ kind: 'park' });
    isDown = false;
    expect(await world.deliver(2, undefined, { receipt: { messageId: 'redriven' } })).toEqual({ kind: 'apply' });
    expect(await world.deliver(3)).toEqual({ kind: 'apply' });
  });

  it('holds the first event of an aggregate, too', async () => {
    const world = lab({ policy, maxAttempts: 1, call: () => fail() });
    expect(await world.deliver(1)).toMatchObject({ kind: 'dead-letter' });
    world.now += 3_600_000;
    expect(await world.deliver(2)).toMatchObject({ kind: 'park' });
    expect(await world.deliver(2, undefined, LATE)).toMatchObject({ kind: 'dead-letter', reason: 'held' });
  });

  it('goes on behind what an operator steps over, which is refused while it is at work', async () => {
    const table = { dynamodb: local.client, tableName: TABLES.inbox };
    const skip = (at: string) =>
      writeSkip(
        table,
        {
          subject: { source: 's', aggregateType: 'thing', id: world.id },
          to: 1,
          eventId: `${world.id}-1`,
          reason: 'never',
          by: 'me',
          at,
        },
        undefined,
      );
    const during: boolean[] = [];
    const world: CallLab = lab({
      policy,
      maxAttempts: 1,
      call: async ({ sequence }) => {
        if (sequence !== '1') return;
        during.push(await skip(new Date(world.now).toISOString()));
        fail();
      },
    });
    await world.deliver(1);
    expect(during).toEqual([false]);
    expect(await skip(new Date(world.now).toISOString())).toBe(true);
    expect(await world.deliver(1, undefined, { receipt: { messageId: 'redriven' } })).toEqual({ kind: 'done' });
    expect(await world.deliver(2)).toEqual({ kind: 'apply' });
  });

  it('moves over a type that it doesn’t want, in its turn and without a call', async () => {
    const world = lab({ policy });
    const unwanted = { message: { recognition: 'unknown-type' } } as const;
    expect(await world.deliver(2, undefined, unwanted)).toMatchObject({ kind: 'park' });
    expect(await world.deliver(1, undefined, unwanted)).toEqual({ kind: 'advance' });
    expect(await world.deliver(2)).toEqual({ kind: 'apply' });
    expect(world.calls).toEqual([`${world.id}-2`]);
  });

  it('holds its place for an event whose data is not what its schema says', async () => {
    const world = lab({ policy });
    const malformed = { message: { recognition: 'malformed', problem: 'data.total: missing' } } as const;
    const dead = { kind: 'dead-letter', reason: 'malformed', detail: 'data.total: missing' };
    expect(await world.deliver(1, undefined, malformed)).toEqual(dead);
    world.now += 3_600_000;
    expect(await world.deliver(2)).toMatchObject({ kind: 'park' });
  });
});
