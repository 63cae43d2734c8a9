import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  awsClientConfig,
  createIds,
  createLogger,
  createMetrics,
  systemClock,
  systemRetry,
} from '@outbox/function-kit';
import { createOrderStore } from '@outbox/orders-dynamodb';
import { readConfig } from './config';
import { createHandler } from './handler';

const config = readConfig(process.env);

/** Lambda's entry point. */
export const handler = createHandler({
  config,
  store: createOrderStore({
    dynamodb: new DynamoDBClient(awsClientConfig),
    tableName: config.tableName,
    retry: systemRetry,
  }),
  clock: systemClock,
  ids: createIds(),
  random: (bytes) => randomBytes(bytes),
  logger: createLogger(),
  metrics: createMetrics(),
});
