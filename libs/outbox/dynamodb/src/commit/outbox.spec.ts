import {
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type CancellationReason,
  type DynamoDBClient,
  type TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { MAX_HOPS, type EventEnvelope } from '@outbox/outbox-envelope';
import { createFakeClock, createSeededIds, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { loadEvent, loadHead } from '../table/outbox-reader';
import { createOutboxTable, parcel, parcelEvent, THRESHOLD_MS } from '../testing/lab';
import { createOutbox, type Commit } from './outbox';
import { EventInTheWayError } from './transaction-part';

const NOW = Date.UTC(2026, 0, 1);
const OUTBOX = 'outbox';
const ALLOWED = '1 to 256 letters, digits and . _ / -, not starting with `aws.`';
const STATE = 'parcels';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
  await createOutboxTable(local.client, OUTBOX);
  await local.client.send(
    new CreateTableCommand({
      TableName: STATE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
}, 40_000);
afterAll(() => local.stop());

type Send = (command: TransactWriteItemsCommand) => Promise<unknown>;

/** An outbox whose transactions go through `intercept`. */
function outboxWith(intercept: (command: TransactWriteItemsCommand, send: Send) => Promise<unknown>) {
  const send: Send = (command) => local.client.send(command);
  const dynamodb = { send: (command: TransactWriteItemsCommand) => intercept(command, send) };
  return createOutbox({
    dynamodb: dynamodb as unknown as DynamoDBClient,
    tableName: OUTBOX,
    source: 'parcels',
    thresholdMs: THRESHOLD_MS,
    clock: createFakeClock(NOW),
    ids: createSeededIds((seeds += 1)),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
  });
}
let seeds = 0;

const outbox = outboxWith((command, send) => send(command));
const change = (id: string, after: number, events = [parcelEvent(after + 1)]): Commit => ({
  aggregate: parcel,
  id,
  after,
  events,
});
const state = (id: string, status: string) => ({ put: { table: STATE, item: { id, status } } });
const headOf = async (id: string) => (await loadHead(table(), { aggregate: parcel, id }))?.head.lastSequence;
const eventOf = (id: string, sequence: number) => loadEvent(table(), { aggregate: parcel, id }, sequence);
const stateOf = async (id: string) =>
  (await local.client.send(new GetItemCommand({ TableName: STATE, Key: { id: { S: id } } }))).Item?.['status']?.S;
const table = () => ({ dynamodb: local.client, tableName: OUTBOX });
const busy = (name: string) => Object.assign(new Error('try again'), { name });

describe('a commit', () => {
  it('writes state, events and head in one transaction, and numbers the events from `after` on', async () => {
    const events = [parcelEvent(1, 'first'), parcelEvent(2, 'second'), parcelEvent(3, 'third')];
    const result = await outbox.commit({
      ...change('a', 0, events),
      write: [state('a', 'moved')],
      context: { correlationId: 'c-1', traceparent: 't-1', owner: 'me' },
    });
    expect(result).toEqual({ kind: 'committed', sequence: 3 });
    expect([await headOf('a'), await stateOf('a')]).toEqual([3, 'moved']);
    expect((await eventOf('a', 2))?.event).toMatchObject({
      source: 'parcels',
      aggregatetype: 'parcel',
      type: 'ParcelMoved',
      subject: 'a',
      sequence: '2',
      partitionkey: 'parcel#a',
      correlationid: 'c-1',
      traceparent: 't-1',
      owner: 'me',
      time: '2026-01-01T00:00:00.000Z',
      data: { note: 'second' },
    });
    expect(await outbox.commit(change('a', 3))).toEqual({ kind: 'committed', sequence: 4 });
  });

  it.each([
    ['behind the head', 1],
    ['at a new aggregate, though there is one', 0],
    ['beyond the head', 7],
  ])('with `after` %s is a conflict that tells where the head is, and writes nothing', async (_what, after) => {
    const id = `b-${after}`;
    await outbox.commit({ ...change(id, 0, [parcelEvent(1), parcelEvent(2)]), write: [state(id, 'before')] });
    expect(await outbox.commit({ ...change(id, after), write: [state(id, 'after')] })).toEqual({
      kind: 'conflict',
      aggregateType: 'parcel',
      id,
      lastSequence: 2,
    });
    expect(await stateOf(id)).toBe('before');
  });

  it('that guesses a number retention has freed is a conflict all the same', async () => {
    await outbox.commit(change('c', 0));
    await outbox.commit(change('c', 1));
    for (const sequence of [1, 2]) await removeEvent('c', sequence);
    expect(await outbox.commit(change('c', 0))).toMatchObject({ kind: 'conflict', lastSequence: 2 });
    expect(await outbox.commit(change('c', 1))).toMatchObject({ kind: 'conflict', lastSequence: 2 });
  });

  it('wins once of many that start from the same place', async () => {
    await outbox.commit(change('d', 0));
    const results = await Promise.all(Array.from({ length: 8 }, () => outbox.commit(change('d', 1))));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['committed', ...Array<string>(7).fill('conflict')]);
    expect(await headOf('d')).toBe(2);
  });

  it('names the write whose condition does not hold', async () => {
    const missing = { expression: 'attribute_exists(id)' };
    const write = [state('e', 'x'), { check: { table: STATE, key: { id: 'nobody' }, condition: missing } }];
    expect(await outbox.commit({ ...change('e', 0), write })).toEqual({
      kind: 'refused',
      reason: 'condition',
      index: 1,
    });
    expect(await headOf('e')).toBeUndefined();
  });

  it('takes updates, deletions and conditions with names and values', async () => {
    await outbox.commit({ ...change('f', 0), write: [state('f', 'old'), state('f-2', 'old')] });
    const isOld = { expression: '#s = :old', names: { '#s': 'status' }, values: { ':old': 'old' } };
    const update = {
      table: STATE,
      key: { id: 'f' },
      update: 'SET #s = :new',
      names: { '#s': 'status' },
      values: { ':new': 'new' },
      condition: isOld,
    };
    const write = [{ update }, { delete: { table: STATE, key: { id: 'f-2' }, condition: isOld } }];
    expect(await outbox.commit({ ...change('f', 1), write })).toMatchObject({ kind: 'committed' });
    expect([await stateOf('f'), await stateOf('f-2')]).toEqual(['new', undefined]);
    expect(await outbox.commit({ ...change('f', 2), write: [{ update }] })).toMatchObject({ reason: 'condition' });
  });
});

describe('a commit that can never be delivered', () => {
  const refusals: readonly [string, Partial<Commit>, string, string][] = [
    ['half of a surrogate pair', { events: [parcelEvent(1, 'x\ud83d')] }, 'unsendable', 'data.note'],
    ['U+FFFE', { events: [parcelEvent(1, '\ufffe')] }, 'unsendable', 'data.note'],
    ['U+FFFF in the id', { id: 'x\uffff' }, 'unsendable', 'subject'],
    ['more than a queue takes', { events: [parcelEvent(1, 'x'.repeat(200_001))] }, 'too-large', '200000'],
    ['no event', { events: [] }, 'no-events', 'without an event'],
    ['an empty id', { id: '' }, 'invalid-id', '0 bytes'],
    ['an id that is too long', { id: 'ß'.repeat(513) }, 'invalid-id', '1026 bytes'],
    [
      'an event of another aggregate',
      { events: [{ ...parcelEvent(1), aggregatetype: 'pallet' }] },
      'unknown-event',
      'no event of this aggregate type',
    ],
    ['data of another shape', { events: [{ ...parcelEvent(1), data: {} }] }, 'invalid-data', 'data.note: '],
    [
      'a loop of consumers',
      { context: { causation: { id: 'e', hops: MAX_HOPS - 1 } as EventEnvelope } },
      'too-many-hops',
      'event e',
    ],
  ];

  it.each(refusals)('is refused before anything is sent: %s', async (_what, wrong, reason, named) => {
    const silent = outboxWith(() => Promise.reject(new Error('nothing may be sent')));
    expect(await silent.commit({ ...change('g', 0), ...wrong })).toEqual({
      kind: 'refused',
      reason,
      detail: expect.stringContaining(named),
    });
  });

  it('is refused with more items than a transaction has', async () => {
    const write = Array.from({ length: 99 }, (_, index) => state(`h-${index}`, 'x'));
    expect(await outbox.commit({ ...change('h', 0), write })).toMatchObject({
      reason: 'too-many-items',
      detail: expect.stringContaining('101 items'),
    });
    expect(await outbox.commit({ ...change('h', 0), write: write.slice(1) })).toMatchObject({ kind: 'committed' });
  });

  it.each([
    ['an item above 400 KB', [{ put: { table: STATE, item: { id: 'i', text: 'x'.repeat(410_000) } } }]],
    [
      'more than 4 MB in all',
      Array.from({ length: 12 }, (_, n) => ({
        put: { table: STATE, item: { id: `i-${n}`, text: 'x'.repeat(390_000) } },
      })),
    ],
    ['one item written twice', [state('i', '1'), state('i', '2')]],
    ['a key without a value', [state('', '1')]],
  ])('is refused with what DynamoDB says: %s', async (_what, write) => {
    expect(await outbox.commit({ ...change('i', 0), write })).toMatchObject({
      kind: 'refused',
      reason: 'invalid-write',
      detail: expect.stringMatching(/\w{5,}/),
    });
    expect(await headOf('i')).toBeUndefined();
  });

  it('throws at an `after` that is no number of an event', async () => {
    await expect(outbox.commit(change('i', -1))).rejects.toThrow(RangeError);
  });
});

describe('an outbox', () => {
  it.each(['a#b', 'aws.parcels', 'two words', '', 'x'.repeat(257)])('is not made for the source %j', (source) => {
    const make = () => createOutbox({ ...table(), source, thresholdMs: THRESHOLD_MS });
    expect(make).toThrow(new RangeError(`source ${JSON.stringify(source)} isn't ${ALLOWED}`));
  });
});

describe('a commit on a bad day', () => {
  it('is committed once though the answer was lost, whoever repeats the call', async () => {
    for (const repeat of ['the outbox', 'DynamoDB, which has forgotten the token'] as const) {
      const id = `j-${repeat}`;
      let lost = false;
      const lossy = outboxWith(async (command, send) => {
        await send(repeat === 'the outbox' || !lost ? command : withoutToken(command));
        if (lost) return {};
        lost = true;
        throw busy('InternalServerError');
      });
      expect(await lossy.commit({ ...change(id, 0), write: [state(id, 'x')] })).toEqual({
        kind: 'committed',
        sequence: 1,
      });
      expect(await headOf(id)).toBe(1);
    }
  });

  it('is known by its event when the head has moved on since', async () => {
    let first = true;
    const overtaken = outboxWith(async (command, send) => {
      if (!first) return send(withoutToken(command));
      first = false;
      await send(command);
      await outbox.commit(change('k', 1));
      throw busy('ServiceUnavailable');
    });
    expect(await overtaken.commit(change('k', 0))).toEqual({ kind: 'committed', sequence: 1 });
    expect(await headOf('k')).toBe(2);
  });

  it('is tried again, with the same token, while the transaction conflicts or is throttled', async () => {
    const tokens = new Set<string | undefined>();
    let failures = 3;
    const contended = outboxWith((command, send) => {
      tokens.add(command.input.ClientRequestToken);
      if ((failures -= 1) < 0) return send(command);
      return Promise.reject(
        failures === 0 ? cancelled([{ Code: 'TransactionConflict' }, { Code: 'None' }]) : busy('ThrottlingException'),
      );
    });
    expect(await contended.commit(change('l', 0))).toMatchObject({ kind: 'committed' });
    expect(tokens.size).toBe(1);
  });

  it('is busy once its time is used up, or when nobody answers', async () => {
    const throttled = outboxWith(() => Promise.reject(busy('ThrottlingException')));
    expect(await throttled.commit(change('m', 0), { remainingMs: () => 0 })).toEqual({
      kind: 'busy',
      reason: 'ThrottlingException',
    });
    const silent = outboxWith(() => Promise.reject(busy('TimeoutError')));
    expect(await silent.commit(change('m', 0))).toEqual({ kind: 'busy', reason: 'TimeoutError' });
  });

  it('passes on what is a fault of the set-up', async () => {
    const denied = outboxWith(() => Promise.reject(busy('AccessDeniedException')));
    await expect(denied.commit(change('n', 0))).rejects.toThrow('try again');
  });

  it('fails aloud when an event lies beyond its head', async () => {
    const { item } = await rawEvent('a', 4);
    await local.client.send(
      new PutItemCommand({
        TableName: OUTBOX,
        Item: { ...item, pk: { S: 'parcel#o' }, sk: { S: 'EVENT#0000000001' } },
      }),
    );
    await expect(outbox.commit(change('o', 0))).rejects.toThrow(EventInTheWayError);
  });
});

function withoutToken(command: TransactWriteItemsCommand): TransactWriteItemsCommand {
  const { ClientRequestToken: _, ...input } = command.input;
  return Object.assign(Object.create(Object.getPrototypeOf(command) as object), command, { input });
}

function cancelled(CancellationReasons: readonly CancellationReason[]): Error {
  return Object.assign(new Error('cancelled'), { name: 'TransactionCanceledException', CancellationReasons });
}

async function rawEvent(id: string, sequence: number) {
  const Key = keyOf(id, sequence);
  const { Item } = await local.client.send(new GetItemCommand({ TableName: OUTBOX, Key }));
  return { item: Item };
}

async function removeEvent(id: string, sequence: number): Promise<void> {
  await local.client.send(new DeleteItemCommand({ TableName: OUTBOX, Key: keyOf(id, sequence) }));
}

function keyOf(id: string, sequence: number) {
  return { pk: { S: `parcel#${id}` }, sk: { S: `EVENT#${String(sequence).padStart(10, '0')}` } };
}
