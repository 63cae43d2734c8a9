import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK clients that harness and judge look with: an operator's, whom no fault strikes. */
export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly pipes: PipesClient;
  readonly sqs: SQSClient;
}

/** By the environment, as for any tool. */
export function awsClients(): AwsClients {
  return {
    dynamodb: new DynamoDBClient({}),
    events: new EventBridgeClient({}),
    iam: new IAMClient({}),
    // One try a call: whoever invokes a function asks again by rules of its own.
    lambda: new LambdaClient({ maxAttempts: 1 }),
    logs: new CloudWatchLogsClient({}),
    pipes: new PipesClient({}),
    sqs: new SQSClient({}),
  };
}
