import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localAccount, localRegion } from '../../local-environment.ts';

/** What a stack on the local cloud is called, and the clients to reach it by. */
export interface Names {
  readonly prefix: string;
  readonly apiId: string;
  readonly api: ApiGatewayV2Client;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly pipes: PipesClient;
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
}

/** The names of the stack with the default prefix on the local cloud at `port`. */
export function namesOf(port: number, apiId: string): Names {
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: localRegion,
    credentials: { accessKeyId: localAccount, secretAccessKey: 'local' },
  };
  return {
    prefix: 'outbox',
    apiId,
    api: new ApiGatewayV2Client(options),
    cloudwatch: new CloudWatchClient(options),
    logs: new CloudWatchLogsClient(options),
    dynamodb: new DynamoDBClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    pipes: new PipesClient(options),
    scheduler: new SchedulerClient(options),
    sqs: new SQSClient(options),
  };
}
