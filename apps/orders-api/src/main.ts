import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  awsClientConfig,
  createIds,
  createLogger,
  createMetrics,
  createTracer,
  systemClock,
} from '@outbox/function-kit';
import { createOutbox } from '@outbox/outbox-dynamodb';
import { readConfig } from './config';
import { createHandler } from './handler';

const { tableName, outbox, requireIdempotencyKey } = readConfig(process.env);
const dynamodb = new DynamoDBClient(awsClientConfig);
const logger = createLogger();
const tracer = createTracer(process.env, logger);

/** Lambda's entry point. */
export const handler = createHandler({
  orders: { dynamodb, tableName },
  outbox: createOutbox({ dynamodb, ...outbox, logger, tracer }),
  requireIdempotencyKey,
  clock: systemClock,
  ids: createIds(),
  logger,
  metrics: createMetrics(),
  tracer,
});
