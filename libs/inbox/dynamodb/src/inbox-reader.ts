import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import type { Head } from '@outbox/inbox-rules';
import { headKeyOf, readOptionalHead } from './inbox-item';
import type { LayoutPorts } from './layout';
import { subjectKey, type Subject } from './subject';

/**
 * A subject's head, or undefined when the consumer has completed none of its events. Strongly consistent.
 * @throws CorruptItemError
 */
export async function loadHead(ports: LayoutPorts, subject: Subject): Promise<Head | undefined> {
  const item = await loadItem(ports, headKeyOf(subjectKey(subject)));
  return item && readOptionalHead(ports.tableName, item);
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
