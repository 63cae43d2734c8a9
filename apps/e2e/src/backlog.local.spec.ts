import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { cloud } from './support/local-cloud';
import { startConsumer, stopConsumer } from './support/mappings';
import { expectComplete, newOrder, placeOrder, request } from './support/orders';
import { aws, readStack } from './support/stack';

const stack = readStack();
const consumers = Object.entries(stack.consumers);

/** As in a new account that asked for more than its first ten. */
const ACCOUNT_CONCURRENCY = 50;
/** What Terraform lets each consumer have of it, unless told otherwise. */
const CONSUMER_CONCURRENCY = 5;
const MESSAGES = 200;
const CLIENTS = 8;

/** A replay or a day's backlog of every consumer, in an account where functions have little. */
describe('a backlog of every consumer', () => {
  beforeAll(() => cloud.configure({ accountConcurrency: ACCOUNT_CONCURRENCY }));
  afterAll(async () => {
    await cloud.configure({ accountConcurrency: 1_000 });
    await Promise.all(consumers.map(([name]) => startConsumer(stack, name)));
  }, 180_000);

  it('leaves the API its share of the account’s concurrency', async () => {
    const { orderId } = await placeOrder(stack);
    expectComplete(orderId);
    const body = await busMessage(orderId);
    // Warm: how fast one machine starts functions is not the question.
    expect(await refusals(orderId)).toEqual([]);
    // A batch that a stopped consumer still works on would run beside those of the backlog.
    await eventually(nothingWaits, { timeoutMs: 120_000 });
    await Promise.all(consumers.map(([name]) => stopConsumer(stack, name)));
    await Promise.all(consumers.map(([, { queue_url }]) => fill(queue_url, body)));
    const startedAt = await cloud.now();

    await Promise.all(consumers.map(([name]) => startConsumer(stack, name)));
    // Neither 429 nor 503.
    expect(await refusals(orderId)).toEqual([]);
    await eventually(nothingWaits, { timeoutMs: 120_000 });
    expect(await metric('Throttles', 'Sum', stack.orders_api_function_name, startedAt)).toBe(0);
    for (const [name, { function_name }] of consumers) {
      const most = await metric('ConcurrentExecutions', 'Maximum', function_name, startedAt);
      expect([name, most > 0 && most <= CONSUMER_CONCURRENCY, most]).toEqual([name, true, most]);
    }
  }, 300_000);
});

/** The order's first event as its rule puts it on a queue: every consumer has done it, and does nothing for a copy. */
async function busMessage(orderId: string): Promise<string> {
  const Key = { pk: { S: `order#${orderId}` }, sk: { S: 'EVENT#0000000001' } };
  const { Item } = await aws.dynamodb.send(new GetItemCommand({ TableName: stack.outbox_table_name, Key }));
  const detail = JSON.parse(Item?.['detail']?.S ?? '{}') as Readonly<Record<string, unknown>>;
  return JSON.stringify({ version: '0', 'detail-type': detail['type'], time: detail['time'], detail });
}

async function fill(QueueUrl: string, MessageBody: string): Promise<void> {
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody }));
  for (let sent = 0; sent < MESSAGES; sent += Entries.length) {
    await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** What the API answered several clients at a time but success. */
async function refusals(orderId: string): Promise<readonly number[]> {
  const statuses = (await Promise.all(Array.from({ length: CLIENTS }, () => useApi(orderId)))).flat();
  return statuses.filter((status) => status !== 200 && status !== 201);
}

/** One client that writes and reads, and waits for nothing but its answers. */
async function useApi(orderId: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    statuses.push((await request(stack, 'POST', '/orders', newOrder())).status);
    statuses.push((await request(stack, 'GET', `/orders/${orderId}`)).status);
  }
  return statuses;
}

async function nothingWaits(): Promise<void> {
  expect(await Promise.all(consumers.map(waiting))).toEqual(consumers.map(() => 0));
}

async function waiting([, { queue_url: QueueUrl }]: (typeof consumers)[number]): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
}

/** The largest datapoint of a minute; 0 if there is none. */
async function metric(
  MetricName: string,
  statistic: 'Maximum' | 'Sum',
  FunctionName: string,
  since: number,
): Promise<number> {
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
      StartTime: new Date(since - 60_000),
      EndTime: new Date((await cloud.now()) + 60_000),
      Period: 60,
      Statistics: [statistic],
    }),
  );
  return Math.max(0, ...Datapoints.map((point) => point[statistic] ?? 0));
}
