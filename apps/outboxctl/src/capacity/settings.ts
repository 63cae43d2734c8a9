import { GetStageCommand, type ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, type DynamoDBStreamsClient, type Shard } from '@aws-sdk/client-dynamodb-streams';
import { GetAccountSettingsCommand, ListEventSourceMappingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribePipeCommand, type PipesClient } from '@aws-sdk/client-pipes';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { queueArn } from '../queue';
import { ACKNOWLEDGER, type Stack } from '../stack';

export interface SettingsClients {
  readonly apigateway: ApiGatewayV2Client;
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly lambda: LambdaClient;
  readonly pipes: PipesClient;
  readonly sqs: SQSClient;
}

/** What of a deployed stack bounds how much it takes; as AWS answers, not as it was configured. */
export interface Settings {
  /** Requests per second that the API lets through; undefined: the stage has no limit of its own. */
  readonly apiRequests: number | undefined;
  /** Shards of the table's stream that are being written to. */
  readonly openShards: number;
  /** Batches of one shard that the pipe runs at a time, and how many events a batch holds at most. */
  readonly pipe: { readonly parallel: number; readonly batch: number };
  /** Functions of the account that may run at a time. */
  readonly accountConcurrency: number;
  /** Per consumer and the acknowledger. */
  readonly mappings: Readonly<Record<string, Mapping>>;
}

/** From a queue to its function. */
export interface Mapping {
  /** Batches at a time that its settings allow; undefined: no limit of its own. */
  readonly maximumConcurrency: number | undefined;
  /** Messages of a batch at most. */
  readonly batch: number;
}

/** Routes that only read, and so make no events. */
const READS = /^(GET|HEAD|OPTIONS) /;

export async function readSettings(clients: SettingsClients, stack: Stack): Promise<Settings> {
  const handlers = { ...stack.consumers, ...(stack.acknowledger ? { [ACKNOWLEDGER]: stack.acknowledger } : {}) };
  const [apiRequests, openShards, pipe, account, mappings] = await Promise.all([
    stack.api_id === undefined ? undefined : apiLimit(clients.apigateway, stack.api_id),
    countOpenShards(clients, stack.outbox_table_name),
    clients.pipes.send(new DescribePipeCommand({ Name: stack.pipe_name })),
    clients.lambda.send(new GetAccountSettingsCommand({})),
    Promise.all(
      Object.entries(handlers).map(async ([name, { queue_url }]): Promise<[string, Mapping]> => {
        return [name, await mappingOf(clients, queue_url)];
      }),
    ),
  ]);
  const { ParallelizationFactor = 1, BatchSize = 1 } = pipe.SourceParameters?.DynamoDBStreamParameters ?? {};
  return {
    apiRequests,
    openShards,
    pipe: { parallel: ParallelizationFactor, batch: BatchSize },
    accountConcurrency: account.AccountLimit?.ConcurrentExecutions ?? 0,
    mappings: Object.fromEntries(mappings),
  };
}

/** The least of the stage's limit and those of the routes that may make events. */
async function apiLimit(apigateway: ApiGatewayV2Client, ApiId: string): Promise<number | undefined> {
  const { DefaultRouteSettings, RouteSettings = {} } = await apigateway.send(
    new GetStageCommand({ ApiId, StageName: '$default' }),
  );
  const writing = Object.entries(RouteSettings).flatMap(([route, settings]) => (READS.test(route) ? [] : settings));
  const limits = [DefaultRouteSettings, ...writing].flatMap((settings) => settings?.ThrottlingRateLimit ?? []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

async function countOpenShards(
  { dynamodb, streams }: Pick<SettingsClients, 'dynamodb' | 'streams'>,
  TableName: string,
): Promise<number> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const shards: Shard[] = [];
  let ExclusiveStartShardId: string | undefined;
  do {
    const { StreamDescription } = await streams.send(
      new DescribeStreamCommand({
        StreamArn: Table?.LatestStreamArn,
        ...(ExclusiveStartShardId === undefined ? {} : { ExclusiveStartShardId }),
      }),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
  return shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined).length;
}

async function mappingOf({ lambda, sqs }: Pick<SettingsClients, 'lambda' | 'sqs'>, QueueUrl: string): Promise<Mapping> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: await queueArn(sqs, QueueUrl) }),
  );
  const [{ ScalingConfig, BatchSize = 1 } = {}] = EventSourceMappings;
  return { maximumConcurrency: ScalingConfig?.MaximumConcurrency, batch: BatchSize };
}
