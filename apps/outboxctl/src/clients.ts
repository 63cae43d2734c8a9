import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { OwnContext } from './commands/context';

/** How long a call may take. Without limits the SDK waits for ever for a server that accepts and never answers. */
export const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 20_000 } as const;
/** A synchronous invocation takes as long as its function: 15 minutes at most (Lambda quotas), and a little more. */
const INVOCATION_MS = 910_000;

type Clients = Omit<OwnContext, 'stack' | 'root' | 'environment' | 'input'>;

/** The AWS clients of the CLI, each made when it is first asked for; region, credentials and endpoint are the SDK's. */
export function awsClients(patience: { readonly connectionTimeout: number; readonly requestTimeout: number }): Clients {
  const config = { requestHandler: { ...patience, throwOnRequestTimeout: true } };
  let dynamodb: DynamoDBClient | undefined;
  return {
    dynamodb: () => (dynamodb ??= new DynamoDBClient(config)),
    lambda: () => new LambdaClient({ requestHandler: { ...config.requestHandler, requestTimeout: INVOCATION_MS } }),
    // Queues are where everything else is: the URLs of a stack may name a host or port that it had before.
    sqs: () => new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    cloudwatch: () => new CloudWatchClient(config),
    eventbridge: () => new EventBridgeClient(config),
    apigateway: () => new ApiGatewayV2Client(config),
    pipes: () => new PipesClient(config),
    streams: () => new DynamoDBStreamsClient(config),
    caller: async () => {
      const { Arn } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
      return Arn ?? 'unknown';
    },
  };
}
