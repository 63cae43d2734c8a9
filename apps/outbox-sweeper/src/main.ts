import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  awsClientConfig,
  createLogger,
  createMetrics,
  createTracer,
  once,
  systemClock,
  systemRetry,
} from '@outbox/function-kit';
import { createSweeperHandler, readSweeperConfig, workerClientConfig } from '@outbox/outbox-functions';

const logger = createLogger();

/** Lambda's entry point. */
export const handler = createSweeperHandler({
  config: readSweeperConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  eventbridge: once(() => new EventBridgeClient(awsClientConfig)),
  lambda: once(() => new LambdaClient(workerClientConfig)),
  clock: systemClock,
  retry: systemRetry,
  logger,
  metrics: createMetrics(),
  tracer: createTracer(process.env, logger),
});
