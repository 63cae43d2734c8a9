import { PutItemCommand, TransactWriteItemsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { rearm } from '@outbox/outbox-rules';
import { writeRearmed } from '@outbox/outbox-dynamodb';
import { recordingClient, startDynamoDbLocal, type DynamoDbLocal } from '@outbox/testing';
import { parseStack } from './stack';
import { headRow, itemOf, rowOf, type Row } from './testing/rows';
import { ME, runVerb } from './testing/run-verb';
import { createTable } from './testing/tables';
import { partition } from './trace/load';

const event1 = { pk: 'parcel#p-1', sk: 'EVENT#0000000001', entity: 'OutboxEvent', id: 'e-1', type: 'ParcelRegistered' };
const failed = {
  ...event1,
  committedAt: '2026-01-01T00:00:00.000Z',
  attempts: 10,
  detail: '{}',
  failedAt: '2026-01-01T20:00:00.000Z',
  failure: 'published 10 times, never acknowledged',
};

jest.setTimeout(30_000);

let local: DynamoDbLocal;
beforeAll(async () => {
  local = await startDynamoDbLocal();
}, 40_000);
afterAll(() => local.stop());

describe('outboxctl failed', () => {
  it('lists what was given up, with its reason', async () => {
    const { run } = await setUp({ outbox: [failed, { ...event1, pk: 'parcel#p-2', publishedAt: 'x' }] });
    expect(JSON.parse((await run('--json', 'failed', 'list')).out)).toEqual([
      expect.objectContaining({ aggregate: 'parcel', id: 'p-1', sequence: 1, eventId: 'e-1', failure: failed.failure }),
    ]);
    expect((await run('failed', 'list')).out).toContain('parcel/p-1 event 1');
  });

  it.each([[['p-1', '--sequence', '1']], [['--all']], [['parcel/p-1', '--all']]])(
    'retries %j: due at once, with all its attempts',
    async (argv) => {
      const { run, outboxRows } = await setUp({ outbox: [failed] });
      expect((await run('failed', 'retry', ...argv)).exitCode).toBe(0);
      const [row] = await outboxRows('p-1');
      expect(row).toMatchObject({ attempts: 0, dueAt: '2026-01-02T00:00:00.000Z', unpublishedShard: 's1' });
      expect(row).not.toHaveProperty('failedAt');
      expect(row).not.toHaveProperty('failure');
    },
  );

  it('retries no further once it is interrupted, and says so', async () => {
    const { run, outboxRows } = await setUp({ outbox: [failed], interrupted: true });
    expect((await run('failed', 'retry', '--all')).out).toMatch(/^0 due again.*interrupted: the others stay failed$/);
    expect(await outboxRows('p-1')).toEqual([failed]);
  });

  it('leaves alone what is not failed', async () => {
    const published = { ...event1, publishedAt: '2026-01-01T00:00:00.000Z' };
    const { run, outboxRows } = await setUp({ outbox: [published] });
    expect((await run('failed', 'retry', 'p-1', '--sequence', '1')).exitCode).toBe(4);
    expect(await outboxRows('p-1')).toEqual([published]);
    expect((await run('failed', 'retry', 'p-1')).exitCode).toBe(2);
  });
});

describe('outboxctl reconcile --repair', () => {
  const committed = { ...event1, committedAt: '2026-01-01T00:00:00.000Z', attempts: 7 };
  const published = { publishedAt: '2026-01-01T00:00:01.000Z', expiresAt: Date.UTC(2026, 0, 9) / 1_000 };
  const backingOff = { unpublishedShard: 's1', dueAt: '2026-01-02T05:00:00.000Z', lastError: 'the bus was down' };

  it.each([
    ['retention', published],
    ['its back-off', backingOff],
    ['the failed', { failedAt: '2026-01-01T20:00:00.000Z', failure: 'x' }],
  ])('takes an event back from %s, due at once with all its attempts', async (_where, state) => {
    const outbox: Row[] = [headRow(1), { ...committed, ...state }];
    const { run, outboxRows } = await setUp({ outbox, answer: { Payload: Buffer.from('{"due":0}') } });
    expect((await run('reconcile', '--repair', '--wait', '0')).exitCode).toBe(1);
    expect((await outboxRows('p-1'))[0]).toEqual({
      ...committed,
      attempts: 0,
      unpublishedShard: 's1',
      dueAt: '2026-01-02T00:00:00.000Z',
    });
  });

  it('makes nothing of an event that retention takes meanwhile', async () => {
    const { table, outboxRows } = await setUp({});
    const key = { pk: event1.pk, sk: event1.sk };
    expect(await writeRearmed(table, key, rearm(key.pk, 0), { only: 'existing' })).toBe(false);
    expect(await outboxRows('p-1')).toEqual([]);
  });
});

const inboxHead = { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' };

describe('outboxctl skip', () => {
  const outboxHead = headRow(5);
  const event4 = {
    ...event1,
    sk: 'EVENT#0000000004',
    id: 'e-4',
    committedAt: '2026-01-01T00:00:00.000Z',
    attempts: 0,
    detail: '{}',
  };
  const to = (version: number, consumer = 'mails') =>
    ['skip', 'p-1', '--consumer', consumer, '--to', String(version), '--reason', 'event 3 is lost'] as const;

  it('moves the head on and writes down who did it and why', async () => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4], consumer: [inboxHead] });
    expect(await run(...to(4))).toMatchObject({ exitCode: 0, out: expect.stringContaining('event 5 is next') });
    const at = '2026-01-02T00:00:00.000Z';
    expect(await consumerRows('p-1')).toEqual([
      { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 4, lastEventId: 'e-4', updatedAt: at },
      { pk: 'parcels#parcel#p-1', sk: 'SKIP#0000000004', from: 2, to: 4, reason: 'event 3 is lost', by: ME, at },
    ]);
  });

  it('takes up an aggregate that the consumer has never seen', async () => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4] });
    expect((await run(...to(4))).exitCode).toBe(0);
    expect((await consumerRows('p-1'))[0]).toMatchObject({
      sk: 'INBOX',
      firstVersion: 1,
      lastVersion: 4,
      lastEventId: 'e-4',
    });
  });

  it('gives way to a delivery that moves the head at the same time', async () => {
    const applied = { ...inboxHead, lastVersion: 3, lastEventId: 'e-3' };
    const { run, consumerRows } = await setUp({
      outbox: [outboxHead, event4],
      consumer: [inboxHead],
      meanwhile: applied,
    });
    expect(await run(...to(4))).toMatchObject({ exitCode: 1, err: expect.stringContaining('moved meanwhile') });
    expect(await consumerRows('p-1')).toEqual([applied]);
  });

  it.each([
    ['back', 2, 1],
    ['beyond the head', 6, 4],
  ])('does not go %s', async (_where, version, exitCode) => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4], consumer: [inboxHead] });
    expect((await run(...to(version))).exitCode).toBe(exitCode);
    expect(await consumerRows('p-1')).toEqual([inboxHead]);
  });

  it.each([
    ['labels', 'is a once consumer'],
    ['nobody', 'no consumer nobody'],
    ['constructor', 'no consumer constructor'],
  ])('is for in-order consumers only: %s', async (consumer, message) => {
    const { run } = await setUp({});
    expect(await run(...to(4, consumer))).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
  });
});

describe('outboxctl on a stack of several aggregate types', () => {
  it.each([['trace'], ['failed', 'retry', '--all'], ['skip', '--consumer', 'mails', '--to', '1', '--reason', 'x']])(
    'wants to know which, and takes it in front of the id: %s',
    async (...argv) => {
      const { run } = await setUp({ types: ['parcel', 'pallet'] });
      expect(await run(...argv, 'p-1')).toMatchObject({ exitCode: 2, err: expect.stringContaining('parcel, pallet') });
      expect((await run(...argv, 'parcel/p-1')).err).not.toContain('AGGREGATE/ID');
    },
  );
});

describe('outboxctl sweep', () => {
  it('runs the sweeper at the time of now, or the one it is given', async () => {
    const { run, invoked } = await setUp({ answer: { Payload: Buffer.from('{"published":3}') } });
    expect(await run('sweep')).toMatchObject({ exitCode: 0, out: 'published 3' });
    await run('sweep', '--now', '2026-02-01T00:00:00Z');
    expect(invoked.map((input) => (input as { FunctionName: string }).FunctionName)).toEqual(['sweeper', 'sweeper']);
    expect(invoked.map((input) => String((input as { Payload: Buffer }).Payload))).toEqual([
      '{"now":"2026-01-02T00:00:00.000Z"}',
      '{"now":"2026-02-01T00:00:00.000Z"}',
    ]);
  });

  it('fails when the sweeper does, with what it said', async () => {
    const { run } = await setUp({ answer: { FunctionError: 'Unhandled', Payload: Buffer.from('"the bus is gone"') } });
    expect(await run('sweep')).toMatchObject({ exitCode: 1, err: expect.stringContaining('the bus is gone') });
  });
});

describe('outboxctl over an item that makes no sense', () => {
  const broken = { ...headRow(1), lastSequence: 'one' };

  it.each([
    ['trace', 'p-1'],
    ['skip', 'p-1', '--consumer', 'mails', '--to', '1', '--reason', 'event 1 is lost'],
  ])('names its table, key and attribute: %s', async (...argv) => {
    const { run, table } = await setUp({ outbox: [broken] });
    const err = expect.stringContaining(
      `item parcel#p-1 HEAD of table ${table.tableName}: attribute lastSequence is missing`,
    );
    expect(await run(...argv)).toMatchObject({ exitCode: 1, err });
  });

  it('goes on comparing the others, and counts it', async () => {
    const other = { ...event1, pk: 'parcel#p-2', committedAt: '2026-01-01T00:00:00.000Z', attempts: 0 };
    const { run, table } = await setUp({ outbox: [broken, other], consumer: [{ ...inboxHead, lastEventId: 7 }] });
    const { exitCode, out } = await run('reconcile');
    expect(exitCode).toBe(1);
    expect(out).toContain(`corrupt: parcel/p-1: item parcel#p-1 HEAD of table ${table.tableName}`);
    expect(out).toContain('corrupt: parcel/p-1 at mails: item parcels#parcel#p-1 INBOX');
    expect(out).toContain('orphaned: parcel/p-2 event 1');
  });
});

interface Setting {
  readonly types?: readonly string[];
  readonly outbox?: readonly Row[];
  readonly consumer?: readonly Row[];
  readonly answer?: unknown;
  /** A row that the consumer writes just before the verb does. */
  readonly meanwhile?: Row;
  /** Whether the verb is interrupted as soon as it begins. */
  readonly interrupted?: boolean;
}

let stacks = 0;

async function setUp({
  types = ['parcel'],
  outbox = [],
  consumer = [],
  answer,
  meanwhile,
  interrupted = false,
}: Setting) {
  stacks += 1;
  const [outboxTable, consumerTable] = [`outbox-${stacks}`, `consumer-${stacks}`];
  await fill(outboxTable, outbox);
  await fill(consumerTable, consumer);
  const output = (policy: string) => ({
    queue_url: '',
    dlq_url: '',
    table_name: consumerTable,
    function_name: '',
    policy,
    on: { parcel: [] },
  });
  const values = {
    aggregate_types: types,
    event_source: 'parcels',
    event_bus_name: '',
    outbox_table_name: outboxTable,
    pipe_name: '',
    archive_name: '',
    sweeper_function_name: 'sweeper',
    consumers: { labels: output('once'), mails: output('in-order') },
  };
  const outputs = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  const lambda = recordingClient(() => answer);
  const send = async (command: TransactWriteItemsCommand): Promise<unknown> => {
    if (meanwhile && command instanceof TransactWriteItemsCommand) await put(consumerTable, meanwhile);
    return local.client.send(command);
  };
  const run = (...argv: readonly string[]) =>
    runVerb(
      {
        protect: (work) => work(interrupted ? AbortSignal.abort() : new AbortController().signal),
        stack: () => Promise.resolve(parseStack(JSON.stringify(outputs), 'spec')),
        dynamodb: () => ({ send }) as unknown as DynamoDBClient,
        lambda: () => lambda as unknown as LambdaClient,
      },
      argv,
    );
  return {
    run,
    table: { dynamodb: local.client, tableName: outboxTable },
    invoked: lambda.inputs,
    outboxRows: (id: string) => rowsOf(outboxTable, `parcel#${id}`),
    consumerRows: (id: string) => rowsOf(consumerTable, `parcels#parcel#${id}`),
  };
}

async function fill(table: string, rows: readonly Row[]): Promise<void> {
  await createTable(local.client, table);
  for (const row of rows) await put(table, row);
}

async function rowsOf(table: string, key: string): Promise<Row[]> {
  return (await partition(local.client, table, key)).map(rowOf);
}

async function put(table: string, row: Row): Promise<void> {
  await local.client.send(new PutItemCommand({ TableName: table, Item: itemOf(row) }));
}
