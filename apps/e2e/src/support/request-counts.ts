import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { cloud } from './local-cloud';
import { aws, queueName, type Stack } from './stack';

/**
 * What a stack took since the counting began, by name: `piped` records; messages `sent` and `received`; `sent NAME` to the
 * queue of a consumer or of the acknowledger; `invoked api`, `invoked relay`, `invoked acknowledger`, `invoked consumers`;
 * bytes `logged`; and what was called of DynamoDB and SQS, such as `dynamodb PutItem`.
 */
export type RequestCounts = (name: string) => number;

const MINUTE_MS = 60_000;
const SPAN_MS = 30 * MINUTE_MS;

/** Begins to count. Each call of what it returns reads the counts so far, from AWS's own metrics and the local cloud. */
export async function countRequests(stack: Stack): Promise<() => Promise<RequestCounts>> {
  const counted = await countedOf(stack);
  const from = Math.floor((await cloud.now()) / MINUTE_MS) * MINUTE_MS - SPAN_MS;
  const read = async () => new Map([...(await metricSums(from, counted)), ...(await calls())]);
  const before = await read();
  return async () => {
    const now = await read();
    return (name) => (now.get(name) ?? 0) - (before.get(name) ?? 0);
  };
}

/** A metric, and the names that its sum is added to. */
interface Counted {
  readonly names: readonly string[];
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

async function countedOf(stack: Stack): Promise<readonly Counted[]> {
  const functions = [
    ['api', stack.orders_api_function_name],
    ['relay', stack.relay_function_name],
    ['acknowledger', stack.acknowledger.function_name],
    ...Object.values(stack.consumers).map(({ function_name }) => ['consumers', function_name] as const),
  ] as const;
  const queues = Object.entries({ ...stack.consumers, acknowledger: stack.acknowledger });
  const prefix = '/aws/vendedlogs/apis/';
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  const groups = [
    ...functions.map(([, name]) => `/aws/lambda/${name}`),
    ...logGroups.map(({ logGroupName = '' }) => logGroupName),
  ];
  const pipe = { PipeName: stack.pipe_name };
  return [
    { names: ['piped'], namespace: 'AWS/EventBridge/Pipes', metric: 'EventCount', dimensions: pipe },
    ...queues.flatMap(([name, { queue_url }]): Counted[] => {
      const queue = { namespace: 'AWS/SQS', dimensions: { QueueName: queueName(queue_url) } };
      return [
        { ...queue, names: ['sent', `sent ${name}`], metric: 'NumberOfMessagesSent' },
        { ...queue, names: ['received'], metric: 'NumberOfMessagesReceived' },
      ];
    }),
    ...functions.map(([name, FunctionName]): Counted => {
      const dimensions = { FunctionName };
      return { names: [`invoked ${name}`], namespace: 'AWS/Lambda', metric: 'Invocations', dimensions };
    }),
    ...groups.map((LogGroupName): Counted => {
      const dimensions = { LogGroupName };
      return { names: ['logged'], namespace: 'AWS/Logs', metric: 'IncomingBytes', dimensions };
    }),
  ];
}

async function metricSums(from: number, counted: readonly Counted[]): Promise<ReadonlyMap<string, number>> {
  const queries = counted.map(({ namespace, metric, dimensions }, index): MetricDataQuery => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: namespace, MetricName: metric, Dimensions };
    return { Id: `m${index}`, MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
  });
  const [StartTime, EndTime] = [new Date(from), new Date(from + 2 * SPAN_MS)];
  const { MetricDataResults = [] } = await aws.cloudwatch.send(
    new GetMetricDataCommand({ MetricDataQueries: queries, StartTime, EndTime }),
  );
  const sums = new Map<string, number>();
  for (const { Id = '', Values = [] } of MetricDataResults) {
    const sum = Values.reduce((all, value) => all + value, 0);
    for (const name of counted[Number(Id.slice(1))]?.names ?? []) sums.set(name, (sums.get(name) ?? 0) + sum);
  }
  return sums;
}

async function calls(): Promise<ReadonlyMap<string, number>> {
  const [services = {}] = Object.values(await cloud.calls());
  return new Map(
    ['dynamodb', 'sqs'].flatMap((service) =>
      Object.entries(services[service] ?? {}).map(([operation, count]) => [`${service} ${operation}`, count] as const),
    ),
  );
}
