import {
  DescribeContinuousBackupsCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { marshalPlain, type Item } from '@outbox/function-kit';
import { createTable, recordingClient } from '@outbox/testing';
import { FakeQueue } from './fake-queue';
import { NOW, runVerb } from './run-verb';
import { stackOf } from './stack';

/** Whatever names the person. */
export const ADA = 'Ada';
export const DAY_MS = 86_400_000;
export const day = (n: number) => new Date(NOW + n * DAY_MS).toISOString();

export type Row = Readonly<Record<string, unknown>>;

export const head = {
  pk: 'parcel#p-1',
  sk: 'HEAD',
  entity: 'OutboxHead',
  lastSequence: 2,
  lastCommit: 'c-2',
  updatedAt: day(-1),
  owner: ADA,
  createdBy: { keyHash: 'a'.repeat(64), bodyHash: ADA, sequence: 1 },
  recentRequests: [{ keyHash: 'b'.repeat(64), bodyHash: ADA, sequence: 2 }],
  spentKeys: '',
};

export const waiting = { unpublishedShard: 's1', dueAt: day(0) };
export const failed = { failedAt: day(-1), failure: 'published 10 times, never acknowledged' };

export function event(sequence: number): Row {
  return {
    pk: 'parcel#p-1',
    sk: `EVENT#000000000${sequence}`,
    entity: 'OutboxEvent',
    id: `e-${sequence}`,
    type: sequence === 1 ? 'ParcelRegistered' : 'ParcelMoved',
    committedAt: day(-1),
    attempts: 0,
    detail: JSON.stringify({ data: { to: ADA }, owner: ADA }),
    answer: JSON.stringify({ to: ADA }),
    publishedAt: day(-1),
    expiresAt: (NOW + 6 * DAY_MS) / 1_000,
  };
}

export const inboxHead = { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' };

export function record(version: number): Row {
  return {
    pk: 'parcels#parcel#p-1',
    sk: `EFFECT#000000000${version}`,
    eventId: `e-${version}`,
    version,
    type: version === 1 ? 'ParcelRegistered' : 'ParcelMoved',
    committedAt: day(-1),
    busAt: day(-1),
    queuedAt: day(-1),
    appliedAt: day(-1),
    receives: 1,
    attempts: 1,
    status: 'completed',
    effect: { to: ADA },
    to: ADA,
  };
}

interface Setting {
  /** Aggregate types that have a head of the same id. */
  readonly others?: readonly string[];
  /** Messages of the dead-letter queue of `mails`. */
  readonly dead?: readonly Message[];
  /** A row of the outbox that is written just before the verb writes. */
  readonly meanwhile?: Row;
}

let stacks = 0;

/** A stack of an outbox with one parcel, two consumers that have done its events, and the verb over it. */
export async function setUp(client: DynamoDBClient, { others = [], dead = [], meanwhile }: Setting = {}) {
  stacks += 1;
  const tables = { outbox: `outbox-${stacks}`, labels: `labels-${stacks}`, mails: `mails-${stacks}` };
  for (const table of Object.values(tables)) await createTable(client, table);
  const put = async (table: keyof typeof tables, ...rows: readonly Row[]): Promise<void> => {
    for (const row of rows) {
      await client.send(new PutItemCommand({ TableName: tables[table], Item: marshalPlain(row) }));
    }
  };
  await put('outbox', head, event(1), event(2));
  for (const other of others) await put('outbox', { ...head, pk: `${other}#p-1` });
  await put(
    'labels',
    { ...record(1), to: undefined, effect: { note: ADA } },
    { ...record(2), effect: undefined, to: undefined },
  );
  await put('mails', record(1), record(2), inboxHead);

  const stack = stackOf({
    aggregate_types: ['parcel', ...others],
    outbox_table_name: tables.outbox,
    sweeper_function_name: 'sweeper',
    sweeper_alias: 'live',
    consumers: Object.fromEntries(
      Object.entries(stackOf().consumers).map(([name, output]) => [
        name,
        { ...output, table_name: tables[name as 'labels' | 'mails'] },
      ]),
    ),
  });
  let early = meanwhile;
  const send = async (command: { readonly input: object }): Promise<unknown> => {
    if (command instanceof DescribeContinuousBackupsCommand) {
      const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: 'ENABLED' };
      return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription } };
    }
    if (early && command instanceof UpdateItemCommand) {
      await put('outbox', early);
      early = undefined;
    }
    return client.send(command as ScanCommand);
  };
  const queue = new FakeQueue('https://sqs/1/mails-dlq', dead, {}, { now: () => NOW, wait: () => undefined });
  const scanned = async (): Promise<Item[]> => {
    const pages = Object.values(tables).map(async (TableName) => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.filter(({ pk }) => !others.some((other) => pk?.S?.startsWith(other)));
    });
    return (await Promise.all(pages)).flat();
  };
  return {
    put,
    shown: () => queue.seen().length,
    text: async () => JSON.stringify(await scanned()),
    rows: async (): Promise<Record<string, unknown>[]> =>
      (await scanned()).map((item) =>
        Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)])),
      ),
    run: (...argv: readonly string[]) =>
      runVerb(
        {
          stack: () => Promise.resolve(stack),
          dynamodb: () => ({ send }) as unknown as DynamoDBClient,
          eventbridge: () =>
            recordingClient(() => ({ RetentionDays: 30, EventSourceArn: 'bus' })) as unknown as EventBridgeClient,
          lambda: () => recordingClient(() => ({ Payload: Buffer.from('{"due":0}') })) as unknown as LambdaClient,
          sqs: () => queue.client,
        },
        argv,
      ),
  };
}

function plain(value: AttributeValue): unknown {
  return value.S ?? (value.N === undefined ? value : Number(value.N));
}
