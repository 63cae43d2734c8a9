import { unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { LocalClient } from '../server/client';
import { validation } from './errors';

/** A put or a delete has no new item to return. */
const RETURNED_BEFORE: ReadonlySet<string> = new Set(['', 'NONE', 'ALL_OLD']);

/**
 * What DynamoDB refuses before it looks for the table, and DynamoDB Local after that.
 * @throws AwsError ValidationException
 */
export function checkReturnValues(body: Json, { operation }: RequestContext): void {
  if (operation !== 'PutItem' && operation !== 'DeleteItem') return;
  if (!RETURNED_BEFORE.has(textAt(body, 'ReturnValues'))) {
    throw validation('ReturnValues can only be ALL_OLD or NONE');
  }
}

/**
 * Fills in the default action of `AttributeUpdates`: DynamoDB Local does nothing for an update without one.
 * Source: DynamoDB API reference, AttributeValueUpdate, Action.
 */
export function withActions(body: Json): Json {
  if (!isObject(body['AttributeUpdates'])) return body;
  const updates = Object.entries(body['AttributeUpdates']).map(([name, update]) => [
    name,
    isObject(update) && update['Action'] === undefined ? { ...update, Action: 'PUT' } : update,
  ]);
  return { ...body, AttributeUpdates: Object.fromEntries(updates) as Json };
}

/**
 * DynamoDB Local returns no metrics of item collections. DynamoDB has them for tables with a local secondary index only
 * (API reference, PutItem, ItemCollectionMetrics): there they are refused, elsewhere there are none to return.
 * @throws AwsError UnsupportedOperation
 */
export async function refuseCollectionMetrics(
  client: LocalClient,
  body: Json,
  tables: readonly string[],
  context: RequestContext,
): Promise<void> {
  if (textAt(body, 'ReturnItemCollectionMetrics') !== 'SIZE') return;
  for (const TableName of tables) {
    const table = objectAt(await client.call('dynamodb', 'DescribeTable', { TableName }, context), 'Table');
    if (objectsAt(table, 'LocalSecondaryIndexes').length > 0) {
      throw unsupported('dynamodb', context.operation, 'ReturnItemCollectionMetrics of a table with a local index');
    }
  }
}
