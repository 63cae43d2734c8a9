import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import { headKey, readHead, type Head } from './inbox-item';
import type { LayoutPorts } from './layout';

/**
 * A subject's head, or undefined when the consumer has seen none of its events. Strongly consistent.
 * @throws CorruptItemError
 */
export async function loadHead(ports: LayoutPorts, subject: string): Promise<Head | undefined> {
  const item = await loadItem(ports, headKey(subject));
  return item && readHead(ports.tableName, item);
}

/** One item of a consumer's table. Strongly consistent. */
export async function loadItem(
  { dynamodb, tableName }: LayoutPorts,
  key: { readonly pk: string; readonly sk: string },
): Promise<Item | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item;
}
