import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK clients that harness and judge look with: an operator's, whom no fault strikes. */
export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly logs: CloudWatchLogsClient;
  readonly pipes: PipesClient;
  readonly sqs: SQSClient;
}

/** By the environment, as for any tool. */
export function awsClients(): AwsClients {
  return {
    dynamodb: new DynamoDBClient({}),
    events: new EventBridgeClient({}),
    logs: new CloudWatchLogsClient({}),
    pipes: new PipesClient({}),
    sqs: new SQSClient({}),
  };
}
