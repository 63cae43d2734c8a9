import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig, createLogger, createMetrics } from '@outbox/function-kit';
import { readConfig } from './config';
import { createHandler } from './handler';

/** Lambda's entry point. */
export const handler = createHandler({
  config: readConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  logger: createLogger(),
  metrics: createMetrics(),
});
