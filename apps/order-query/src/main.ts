import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig, createLogger, createMetrics, createTracer } from '@outbox/function-kit';
import { readConfig } from './config';
import { createHandler } from './handler';

const logger = createLogger();

/** Lambda's entry point. */
export const handler = createHandler({
  config: readConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  logger,
  metrics: createMetrics(),
  tracer: createTracer(process.env, logger),
});
