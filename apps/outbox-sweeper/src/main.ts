import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientConfig, createLogger, createMetrics, systemClock } from '@outbox/function-kit';
import { createSweeperHandler, readSweeperConfig } from '@outbox/outbox-functions';

/** Lambda's entry point. */
export const handler = createSweeperHandler({
  config: readSweeperConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  eventbridge: new EventBridgeClient(awsClientConfig),
  clock: systemClock,
  logger: createLogger(),
  metrics: createMetrics(),
});
