import { PutItemCommand, TransactWriteItemsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createTable, recordingClient, type SpecDynamoDb } from '@outbox/testing';
import { parseStack } from '../stack';
import { partition } from '../trace/load';
import { itemOf, rowOf, type Row } from './rows';
import { runVerb } from './run-verb';
import { lambdaOf } from './stack';

export interface Setting {
  readonly types?: readonly string[];
  readonly outbox?: readonly Row[];
  readonly consumer?: readonly Row[];
  readonly answer?: unknown;
  /** Of the consumers' functions, or why nobody is told; unless given, nobody may ask. */
  readonly versions?: readonly FunctionConfiguration[] | Error;
  /** Outputs of the stack besides the usual ones. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Its queues, which are empty otherwise. */
  readonly sqs?: SQSClient;
  /** The only consumer that there is. */
  readonly only?: 'labels' | 'mails';
  /** A row that the consumer writes just before the verb does. */
  readonly meanwhile?: Row;
  /** Whether the verb is interrupted as soon as it begins. */
  readonly interrupted?: boolean;
}

const emptyQueue = recordingClient(() => ({
  Attributes: { ApproximateNumberOfMessages: '0' },
})) as unknown as SQSClient;

let stacks = 0;

/** A stack of one consumer table, read as `labels` (once) and `mails` (in-order), and its verbs over DynamoDB Local. */
export async function operatorLab(
  local: SpecDynamoDb,
  {
    types = ['parcel'],
    outbox = [],
    consumer = [],
    answer,
    versions = new Error('the spec has no versions'),
    outputs: others = {},
    sqs = emptyQueue,
    only,
    meanwhile,
    interrupted = false,
  }: Setting,
) {
  stacks += 1;
  const [outboxTable, consumerTable] = [`outbox-${stacks}`, `consumer-${stacks}`];
  await fill(local.client, outboxTable, outbox);
  await fill(local.client, consumerTable, consumer);
  const output = (policy: string) => ({
    queue_url: '',
    dlq_url: '',
    table_name: consumerTable,
    function_name: `f-${policy}`,
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
    sweeper_alias: 'live',
    inbox_retention_days: 45,
    consumers: {
      ...(only === 'mails' ? {} : { labels: output('once') }),
      ...(only === 'labels' ? {} : { mails: output('in-order') }),
    },
    ...others,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const outputs = Object.fromEntries(given.map(([name, value]) => [name, { value }]));
  const { lambda, invoked } = lambdaOf(versions, answer);
  const send = async (command: TransactWriteItemsCommand): Promise<unknown> => {
    if (meanwhile && command instanceof TransactWriteItemsCommand) await put(local.client, consumerTable, meanwhile);
    return local.client.send(command);
  };
  const run = (...argv: readonly string[]) =>
    runVerb(
      {
        protect: (work) => work(interrupted ? AbortSignal.abort() : new AbortController().signal),
        stack: () => Promise.resolve(parseStack(JSON.stringify(outputs), 'spec')),
        dynamodb: () => ({ send }) as unknown as DynamoDBClient,
        lambda: () => lambda,
        sqs: () => sqs,
      },
      argv,
    );
  return {
    run,
    table: { dynamodb: local.client, tableName: outboxTable },
    invoked,
    outboxRows: (id: string) => rowsOf(local.client, outboxTable, `parcel#${id}`),
    consumerRows: (id: string) => rowsOf(local.client, consumerTable, `parcels#parcel#${id}`),
  };
}

async function fill(client: DynamoDBClient, table: string, rows: readonly Row[]): Promise<void> {
  await createTable(client, table);
  for (const row of rows) await put(client, table, row);
}

async function rowsOf(client: DynamoDBClient, table: string, key: string): Promise<Row[]> {
  return (await partition(client, table, key)).map(rowOf);
}

async function put(client: DynamoDBClient, table: string, row: Row): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: itemOf(row) }));
}
