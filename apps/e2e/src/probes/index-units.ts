import {
  CreateTableCommand,
  DeleteTableCommand,
  TransactWriteItemsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Workbench } from './workbench';

const INDEX = 'byShard';

/** Write units that a transaction of one small new item consumes: of its table, and of an index that takes it in. */
export async function unitsOfIndexedPut(bench: Workbench): Promise<{ readonly table: number; readonly index: number }> {
  const { dynamodb } = bench;
  const TableName = `${bench.prefix}-index`;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'shard'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: INDEX,
          KeySchema: [{ AttributeName: 'shard', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  bench.onClose(() => dynamodb.send(new DeleteTableCommand({ TableName })));
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 120 }, { TableName });
  const { ConsumedCapacity: [consumed] = [] } = await dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName, Item: { pk: { S: 'one' }, shard: { S: '1' } } } }],
      ReturnConsumedCapacity: 'INDEXES',
    }),
  );
  return {
    table: consumed?.Table?.CapacityUnits ?? 0,
    index: consumed?.GlobalSecondaryIndexes?.[INDEX]?.CapacityUnits ?? 0,
  };
}
