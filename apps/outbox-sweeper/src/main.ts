import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientConfig, createLogger, createMetrics, systemClock } from '@outbox/function-kit';
import { readConfig } from './config';
import { createHandler } from './handler';

/** Lambda's entry point. */
export const handler = createHandler({
  config: readConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  eventbridge: new EventBridgeClient(awsClientConfig),
  clock: systemClock,
  logger: createLogger(),
  metrics: createMetrics(),
});
