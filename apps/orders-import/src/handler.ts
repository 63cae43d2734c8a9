import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig, isoTime, readEnv, systemClock } from '@outbox/function-kit';
import { createOutbox, readOutboxConfig } from '@outbox/outbox-dynamodb';
import { importOrder, type ImportRequest, type ImportReply } from './import-order';

const env = readEnv(process.env);
const ordersTable = env.string('ORDERS_TABLE_NAME');
const outbox = createOutbox({ dynamodb: new DynamoDBClient(awsClientConfig), ...readOutboxConfig(process.env) });

/** Lambda's entry point. */
export async function handler(
  request: ImportRequest,
  context: { getRemainingTimeInMillis(): number },
): Promise<ImportReply> {
  return importOrder({ outbox, ordersTable, now: () => isoTime(systemClock.now()) }, request, {
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}
