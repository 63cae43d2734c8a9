import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshalPlain, unmarshalPlain } from '@outbox/function-kit';
import { createOutbox, type Commit, type CommitResult, type Outbox, type PlainWrite } from '@outbox/outbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createFakeClock, createSeededIds, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { addFaults, type Fault } from './faults';
import { createMemoryOutbox, OUTBOX_TABLE } from './memory-outbox';

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({ note: z.string() }) } } });
const STATE = 'parcels';

/** One implementation, with what is to happen to its next transaction. */
interface World {
  readonly dynamodb: DynamoDBClient;
  readonly outbox: Outbox;
  fault: Fault | undefined;
}

interface Step {
  readonly id: string;
  /** How far `after` is from the head. */
  readonly off: number;
  readonly events: number;
  readonly write: 'none' | 'new' | 'changed' | 'refused';
  readonly fault: Fault | undefined;
}

/** An aggregate as it should be. */
interface Model {
  last: number;
  status: string | undefined;
  readonly answers: Map<number, string>;
}

jest.setTimeout(60_000);

let local: SpecDynamoDb;
const worlds: Partial<Record<'memory' | 'DynamoDB', World>> = {};
beforeAll(async () => {
  local = await startDynamoDb();
  for (const [TableName, keys] of [
    [OUTBOX_TABLE, ['pk', 'sk']],
    [STATE, ['id']],
  ] as const) {
    await local.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      }),
    );
  }
  const common = { source: 'parcels', clock: createFakeClock(), ids: createSeededIds() };
  const retry = { random: () => 0, sleep: () => Promise.resolve() };
  const inMemory = createMemoryOutbox({ ...common, tables: { [STATE]: ['id'] } });
  const inDynamoDb = createOutbox({
    ...common,
    dynamodb: local.client,
    tableName: OUTBOX_TABLE,
    thresholdMs: 60_000,
    retry,
  });
  worlds.memory = { dynamodb: inMemory.memory.client, outbox: inMemory, fault: undefined };
  worlds.DynamoDB = { dynamodb: local.client, outbox: inDynamoDb, fault: undefined };
  for (const world of Object.values(worlds)) {
    addFaults(world.dynamodb, () => {
      const { fault } = world;
      world.fault = undefined;
      return fault;
    });
  }
}, 60_000);
afterAll(() => local.stop());

const step: fc.Arbitrary<Step> = fc.record({
  id: fc.constantFrom('a', 'b'),
  off: fc.constantFrom(0, 0, 0, -1, 1, 7),
  events: fc.integer({ min: 1, max: 3 }),
  write: fc.constantFrom('none', 'new', 'changed', 'changed', 'refused'),
  fault: fc.constantFrom(undefined, undefined, 'throttled', 'unreachable', 'lost', 'forgotten', 'unanswered'),
});
let runs = 0;

describe.each(['memory', 'DynamoDB'] as const)('an outbox in %s', (where) => {
  it('keeps every aggregate as the model has it, whatever is committed and whatever gets lost', async () => {
    const world = worlds[where] ?? fail();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        runs += 1;
        const models = new Map<string, Model>();
        for (const [index, each] of steps.entries()) {
          const id = `${runs}-${each.id}`;
          const model = models.get(id) ?? { last: 0, status: undefined, answers: new Map() };
          models.set(id, model);
          const commit = commitOf(id, each, model, index);
          const wanted = expected(commit, each, model);
          world.fault = each.fault;
          expect(await world.outbox.commit(commit)).toEqual(wanted);
          world.fault = undefined;
          await expectToBe(world, id, model);
        }
      }),
      { numRuns: where === 'memory' ? 50 : 15 },
    );
  });
});

function commitOf(id: string, { off, events, write }: Step, model: Model, index: number): Commit {
  const after = Math.max(0, model.last + off);
  const notes = Array.from({ length: events }, (_, n) => parcel.Moved({ note: `${index}.${n}` }));
  const item = { id, status: `at step ${index}` };
  const is = (status: string) => ({ expression: '#s = :s', names: { '#s': 'status' }, values: { ':s': status } });
  const writes: Record<Step['write'], readonly PlainWrite[]> = {
    none: [],
    new: [{ put: { table: STATE, item, condition: { expression: 'attribute_not_exists(id)' } } }],
    changed: [
      { check: { table: STATE, key: { id: 'nothing' }, condition: { expression: 'attribute_not_exists(id)' } } },
      { put: { table: STATE, item, ...(model.status === undefined ? {} : { condition: is(model.status) }) } },
    ],
    refused: [{ put: { table: STATE, item, condition: is('never') } }],
  };
  const marks = { counted: { N: String(index) } };
  return { aggregate: parcel, id, after, events: notes, write: writes[write], marks, answer: `answer ${index}` };
}

/** What a commit has to return; the model moves on as far as it takes effect. */
function expected({ id, after, events, answer = '' }: Commit, { write, fault }: Step, model: Model): CommitResult {
  if (fault === 'unreachable') return { kind: 'busy', reason: 'TimeoutError' };
  if (after !== model.last) return { kind: 'conflict', aggregateType: 'parcel', id, lastSequence: model.last };
  if (write === 'refused' || (write === 'new' && model.status !== undefined)) {
    return { kind: 'refused', reason: 'condition', index: 0 };
  }
  model.last += events.length;
  if (write !== 'none') model.status = `at step ${answer.replace('answer ', '')}`;
  model.answers.set(model.last, answer);
  return fault === 'unanswered'
    ? { kind: 'busy', reason: 'TimeoutError' }
    : { kind: 'committed', sequence: model.last };
}

async function expectToBe({ dynamodb, outbox }: World, id: string, model: Model): Promise<void> {
  const ref = { aggregate: parcel, id };
  const loaded = await outbox.loadHead(ref);
  expect(loaded?.head.lastSequence ?? 0).toBe(model.last);
  if (loaded) expect(`answer ${loaded.item['counted']?.N}`).toBe(model.answers.get(model.last));
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: STATE, Key: marshalPlain({ id }) }));
  expect(Item?.['status']?.S).toBe(model.status);
  for (let sequence = 1; sequence <= model.last + 1; sequence += 1) {
    const event = await outbox.loadEvent(ref, sequence);
    expect(event?.event.sequence).toBe(sequence > model.last ? undefined : String(sequence));
    expect(event?.answer).toBe(model.answers.get(sequence));
  }
}

describe('a write that can never be made', () => {
  const put = (id: string, text = '') => ({ put: { table: STATE, item: { id, text } } });

  it.each([
    ['an item above 400 KB', [put('big', 'x'.repeat(410_000))]],
    ['one item twice', [put('twice'), put('twice')]],
    ['a key without a value', [put('')]],
    ['above 4 MB in all', Array.from({ length: 11 }, (_, index) => put(`much-${index}`, 'x'.repeat(399_000)))],
    [
      'a name that no expression uses',
      [
        {
          put: {
            table: STATE,
            item: { id: 'u' },
            condition: { expression: 'attribute_not_exists(id)', names: { '#n': 'n' } },
          },
        },
      ],
    ],
    [
      'a value that no expression uses',
      [
        {
          put: {
            table: STATE,
            item: { id: 'u' },
            condition: { expression: 'attribute_not_exists(id)', values: { ':n': 1 } },
          },
        },
      ],
    ],
  ])('is invalid in memory as in DynamoDB, and leaves nothing behind: %s', async (what, write) => {
    for (const { outbox } of Object.values(worlds)) {
      const ref = { aggregate: parcel, id: what };
      const events = [parcel.Moved({ note: '' })];
      const result = await outbox.commit({ ...ref, after: 0, events, write: [put(`${what}-first`), ...write] });
      expect(result).toMatchObject({ kind: 'refused', reason: 'invalid-write' });
      expect(await outbox.loadHead(ref)).toBeUndefined();
    }
  });
});

describe('an expression', () => {
  const item = { id: 'x', n: 2, s: 'text', m: { a: 1, deep: { b: 'c' } }, l: ['p', 'q'], flag: true, none: null };
  const values = { ':two': 2, ':ten': 10, ':t': 'te', ':text': 'text', ':p': 'p', ':c': 'c', ':true': true };
  const names = { '#n': 'n', '#m': 'm' };

  it.each([
    'attribute_exists(n) AND attribute_not_exists(nope)',
    'attribute_exists(nope)',
    'attribute_exists(m.deep.b) and m.deep.b = :c',
    '#n = :two',
    'n <> :two OR n < :ten',
    'nope <> :two',
    'nope = :two',
    'n < :text',
    's > :t',
    'n >= :two AND NOT (n > :ten)',
    'n BETWEEN :two AND :ten',
    'n IN (:ten, :two)',
    'n IN (:ten, :t)',
    'begins_with(s, :t)',
    'contains(s, :t) AND contains(l, :p)',
    'contains(l, :t)',
    'flag = :true',
    'size(l) = :two',
    'size(s) > :two AND size(#m) = :two',
    'n = :ten AND n = :two OR s = :text',
    'NOT n = :ten AND s = :text',
  ])('says of an item what DynamoDB says: %s', async (expression) => {
    expect(await outcome('memory', expression)).toEqual(await outcome('DynamoDB', expression));
  });

  it.each([
    'SET n = n + :two, added = n',
    'SET n = :ten - n REMOVE s, nope',
    'SET #m.a = :t, m.deep.d = if_not_exists(nope, :two)',
    'SET n = if_not_exists(n, :ten)',
    'ADD n :two, fresh :ten REMOVE flag',
  ])('updates an item as DynamoDB does: %s', async (expression) => {
    expect(await updated('memory', expression)).toEqual(await updated('DynamoDB', expression));
  });

  it('that the memory does not know is an error that says so', async () => {
    await expect(outcome('memory', 'attribute_type(n, :two)')).rejects.toThrow('attribute_type');
    await expect(outcome('memory', 'l[0] = :p')).rejects.toThrow('DynamoDB Local');
    await expect(updated('memory', 'DELETE l :p')).rejects.toThrow('DELETE');
  });

  /** Placeholders that an expression doesn't use are refused. */
  const placeholders = (expression: string) => {
    const used = <T>(all: Record<string, T>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
    const [ExpressionAttributeNames, plain] = [used(names), used<unknown>(values)];
    return {
      ...(Object.keys(ExpressionAttributeNames).length > 0 ? { ExpressionAttributeNames } : {}),
      ...(Object.keys(plain).length > 0 ? { ExpressionAttributeValues: marshalPlain(plain) } : {}),
    };
  };

  async function outcome(where: 'memory' | 'DynamoDB', ConditionExpression: string): Promise<string> {
    const { dynamodb } = worlds[where] ?? fail();
    const put = (more: Partial<PutItemCommandInput>) =>
      dynamodb.send(new PutItemCommand({ TableName: STATE, Item: marshalPlain(item), ...more }));
    await put({});
    return put({ ConditionExpression, ...placeholders(ConditionExpression) }).then(
      () => 'holds',
      (error: Error) => {
        if (error.name === 'ConditionalCheckFailedException') return error.name;
        throw error;
      },
    );
  }

  async function updated(where: 'memory' | 'DynamoDB', UpdateExpression: string) {
    const { dynamodb } = worlds[where] ?? fail();
    await dynamodb.send(new PutItemCommand({ TableName: STATE, Item: marshalPlain(item) }));
    const target = { TableName: STATE, Key: marshalPlain({ id: item.id }) };
    await dynamodb.send(new UpdateItemCommand({ ...target, UpdateExpression, ...placeholders(UpdateExpression) }));
    const { Item } = await dynamodb.send(new GetItemCommand(target));
    return Item && unmarshalPlain(Item);
  }
});

function fail(): never {
  throw new Error('not started');
}
