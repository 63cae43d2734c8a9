import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  awsClientConfig,
  createLogger,
  createMetrics,
  createTracer,
  systemClock,
  systemRetry,
} from '@outbox/function-kit';
import { createAcknowledgerHandler, readAcknowledgerConfig } from '@outbox/outbox-functions';

const logger = createLogger();

/** Lambda's entry point. */
export const handler = createAcknowledgerHandler({
  config: readAcknowledgerConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  sqs: new SQSClient(awsClientConfig),
  clock: systemClock,
  retry: systemRetry,
  logger,
  metrics: createMetrics(),
  tracer: createTracer(process.env, logger),
});
