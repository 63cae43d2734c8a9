import { DescribeTableCommand, paginateListTables, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { cloud } from './local-cloud';
import { aws, type Stack } from './stack';

const streams = new DynamoDBStreamsClient({});

/** Every place of the local cloud and its partners that holds a text, by the names that docs/personal-data.md gives them. */
export async function placesOf(stack: Stack, text: string): Promise<readonly string[]> {
  const found = await Promise.all([inTables(stack, text), inEngine(stack, text), inLogs(text), withPartners(text)]);
  return [...new Set(found.flat())].sort();
}

/** `outbox EVENT detail`: the table, the beginning of the sort key where there is one, the attribute. */
async function inTables(stack: Stack, text: string): Promise<string[]> {
  const places: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: aws.dynamodb }, {})) {
    for (const TableName of TableNames) {
      const table = nameOfTable(stack, TableName);
      for await (const { Items = [] } of paginateScan({ client: aws.dynamodb }, { TableName, ConsistentRead: true })) {
        for (const item of Items) {
          const [kind] = item['sk']?.S?.split('#') ?? [];
          for (const [attribute, value] of Object.entries(item)) {
            const place = [table, ...(kind === undefined ? [] : [kind]), attribute].join(' ');
            if (JSON.stringify(value).includes(text)) places.push(place);
          }
        }
      }
      if (await isInStream(TableName, text)) places.push(`stream of ${table}`);
    }
  }
  return places;
}

async function isInStream(TableName: string, text: string): Promise<boolean> {
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table?.LatestStreamArn;
  if (StreamArn === undefined) return false;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator: next } = await streams.send(new GetShardIteratorCommand(start));
    while (next !== undefined) {
      const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: next }));
      if (JSON.stringify(Records).includes(text)) return true;
      // An open shard has no end: nothing came for now.
      next = Records.length === 0 ? undefined : NextShardIterator;
    }
  }
  return false;
}

function nameOfTable(stack: Stack, table: string): string {
  if (table === stack.outbox_table_name) return 'outbox';
  if (table === stack.orders_table_name) return 'orders';
  return Object.entries(stack.consumers).find(([, { table_name }]) => table_name === table)?.[0] ?? table;
}

/** Queues and archives by what they are for; whatever else the engine keeps by its own name. */
async function inEngine(stack: Stack, text: string): Promise<string[]> {
  const queues = new Map(
    Object.entries(stack.consumers).flatMap(([name, { queue_url, dlq_url }]): [string, string][] => [
      [lastPart(queue_url, '/'), `queue of ${name}`],
      [lastPart(dlq_url, '/'), `dead letters of ${name}`],
    ]),
  );
  return Object.keys(await cloud.find(text)).map((table) => {
    const [kind, arn = ''] = table.split(' ');
    if (kind === 'events.archived') return 'archive';
    return kind === 'sqs.messages' ? (queues.get(lastPart(arn, ':')) ?? table) : table;
  });
}

async function inLogs(text: string): Promise<string[]> {
  const places: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: aws.logs }, {})) {
    for (const { logGroupName = '' } of logGroups) {
      for await (const { events = [] } of paginateFilterLogEvents({ client: aws.logs }, { logGroupName })) {
        if (events.some(({ message }) => message?.includes(text))) places.push(`log group ${logGroupName}`);
      }
    }
  }
  return places;
}

/** `carrier bookings`: a list of what the partners say that they did. */
async function withPartners(text: string): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${process.env['PARTNERS_PORT']}/_log`);
  const log = (await answer.json()) as Readonly<Record<string, unknown>>;
  return Object.entries(log).flatMap(([list, entries]) =>
    JSON.stringify(entries).includes(text) ? [`partners’ ${list}`] : [],
  );
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
