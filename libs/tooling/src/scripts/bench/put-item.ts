import {
  CreateTableCommand,
  PutItemCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Measures } from './emulator.ts';
import { timed } from './timing.ts';

const TableName = 'bench-items';
/** The client is the same process for all that is compared: what is measured first must not be what finds it cold. */
const WARM_UP = 4_000;
const ITEMS = 500;
const AT_ONCE = 8;

/** New items of one kilobyte, in a table without a stream. */
export async function measurePutItem(dynamodb: DynamoDBClient): Promise<Measures> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.3 }, { TableName });
  let items = 0;
  const put = (): Promise<unknown> => {
    items += 1;
    const Item = { pk: { S: `item-${items}` }, data: { S: 'x'.repeat(1_000) } };
    return dynamodb.send(new PutItemCommand({ TableName, Item }));
  };
  await timed(WARM_UP, AT_ONCE, put);
  return {
    'PutItem, one at a time': await timed(ITEMS, 1, put),
    [`PutItem, ${AT_ONCE} at once`]: await timed(ITEMS, AT_ONCE, put),
  };
}
