import { GetItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { OUTBOX_ENTITY, type ItemKey, type StoredOutboxItem } from '@outbox/outbox-rules';
import { marshalKey, type OutboxTable } from './outbox-table';

/** An outbox item that this code did not write. */
export class CorruptOutboxItem extends Error {
  override readonly name = 'CorruptOutboxItem';

  constructor(
    readonly key: string,
    readonly attribute: string,
  ) {
    super(`outbox item ${key}: attribute ${attribute} is missing or not of its type`);
  }
}

/**
 * The item as it stands now, or undefined when retention removed it. Strongly consistent: the index lags behind.
 * @throws CorruptOutboxItem
 */
export async function readItem(
  { dynamodb, tableName }: OutboxTable,
  key: ItemKey,
): Promise<StoredOutboxItem | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item && unmarshalOutboxItem(Item);
}

/**
 * Reads an item back.
 * @throws CorruptOutboxItem naming the attribute
 */
export function unmarshalOutboxItem(item: Readonly<Record<string, AttributeValue>>): StoredOutboxItem {
  const place = `${item['pk']?.S ?? '?'} ${item['sk']?.S ?? '?'}`;
  const text = (name: string): string => item[name]?.S ?? corrupt(place, name);
  if (text('entity') !== OUTBOX_ENTITY) corrupt(place, 'entity');
  return {
    pk: text('pk'),
    sk: text('sk'),
    entity: OUTBOX_ENTITY,
    id: text('id'),
    type: text('type'),
    committedAt: text('committedAt'),
    attempts: Number(item['attempts']?.N ?? corrupt(place, 'attempts')),
    detail: text('detail'),
    ...optional(item, 'unpublishedShard'),
    ...optional(item, 'dueAt'),
    ...optional(item, 'publishedAt'),
    ...optional(item, 'failedAt'),
    ...optional(item, 'failure'),
    ...optional(item, 'lastError'),
    ...(item['expiresAt']?.N === undefined ? {} : { expiresAt: Number(item['expiresAt'].N) }),
  };
}

function optional<K extends string>(item: Readonly<Record<string, AttributeValue>>, name: K): { [N in K]?: string } {
  const value = item[name]?.S;
  return value === undefined ? {} : ({ [name]: value } as { [N in K]?: string });
}

function corrupt(place: string, attribute: string): never {
  throw new CorruptOutboxItem(place, attribute);
}
