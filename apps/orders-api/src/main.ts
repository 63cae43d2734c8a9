import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig, createIds, createLogger, createMetrics, systemClock } from '@outbox/function-kit';
import { createOutbox } from '@outbox/outbox-dynamodb';
import { readConfig } from './config';
import { createHandler } from './handler';

const { tableName, outbox, requireIdempotencyKey } = readConfig(process.env);
const dynamodb = new DynamoDBClient(awsClientConfig);

/** Lambda's entry point. */
export const handler = createHandler({
  orders: { dynamodb, tableName },
  outbox: createOutbox({ dynamodb, ...outbox }),
  requireIdempotencyKey,
  clock: systemClock,
  ids: createIds(),
  random: (bytes) => randomBytes(bytes),
  logger: createLogger(),
  metrics: createMetrics(),
});
