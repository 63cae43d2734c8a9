import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseEnvelope, type EventEnvelope } from '@outbox/outbox-envelope';
import { marshalKey } from '@outbox/function-kit';
import { eventKey, type ItemKey, type StoredOutboxItem } from '@outbox/outbox-rules';
import { unmarshalOutboxItem } from './outbox-item';
import type { OutboxTable } from './outbox-table';

/**
 * The item as it stands now, or undefined when retention removed it. Strongly consistent: the index lags behind.
 * @throws CorruptItemError
 */
export async function readItem(
  { dynamodb, tableName }: OutboxTable,
  key: ItemKey,
): Promise<StoredOutboxItem | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item && unmarshalOutboxItem(tableName, Item);
}

/** The committed event of one version, or undefined once retention removed it. Strongly consistent. */
export async function readEvent(
  dynamodb: DynamoDBClient,
  tableName: string,
  pk: string,
  version: number,
): Promise<EventEnvelope | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: marshalKey({ pk, sk: eventKey(version) }),
      ProjectionExpression: 'detail',
      ConsistentRead: true,
    }),
  );
  const detail = Item?.['detail']?.S;
  if (detail === undefined) return undefined;
  const parsed = parseEnvelope(JSON.parse(detail));
  if (parsed.kind === 'malformed')
    throw new Error(`outbox item ${pk} ${eventKey(version)} holds no event: ${parsed.detail}`);
  return parsed.envelope;
}
