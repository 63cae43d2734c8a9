import { AwsError, unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import type { TableEngine } from '../engine/table-engine';
import { objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import { validation } from './errors';

/** Members that are 32-bit integers in DynamoDB's model. */
const INTEGERS = ['Limit', 'Segment', 'TotalSegments'];

/** @throws AwsError SerializationException for an integer out of range */
export function checkIntegers(body: Json): void {
  for (const name of INTEGERS) {
    const value = body[name];
    if (typeof value === 'number' && (Math.trunc(value) | 0) !== Math.trunc(value)) {
      throw new AwsError('SerializationException', 'NUMBER_VALUE can not be converted to an Integer');
    }
  }
}

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
 * No engine returns metrics of item collections. DynamoDB has them for tables with a local secondary index only
 * (API reference, PutItem, ItemCollectionMetrics): there they are refused, elsewhere there are none to return.
 * @throws AwsError UnsupportedOperation
 */
export async function refuseCollectionMetrics(
  engine: TableEngine,
  body: Json,
  tables: readonly string[],
  context: RequestContext,
): Promise<void> {
  if (textAt(body, 'ReturnItemCollectionMetrics') !== 'SIZE') return;
  for (const TableName of tables) {
    const table = objectAt(await engine.call('DescribeTable', { TableName }, context), 'Table');
    if (objectsAt(table, 'LocalSecondaryIndexes').length > 0) {
      throw unsupported('dynamodb', context.operation, 'ReturnItemCollectionMetrics of a table with a local index');
    }
  }
}
