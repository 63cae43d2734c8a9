import { textFromLocal } from './local-arns';
import { textAt, type Json } from '../proxy/json';
import type { Place } from '../place';

/** Operations whose errors name the table that is not there; those on items do not. */
const ON_TABLES: ReadonlySet<string> = new Set(['DescribeTable', 'UpdateTable', 'DeleteTable']);

/** Operations with a `Key`, and DynamoDB Local's texts for a key that doesn't fit the table's schema. */
const BY_KEY: ReadonlySet<string> = new Set(['GetItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem']);
const OTHER_KEYS: ReadonlySet<string> = new Set([
  'The number of conditions on the keys is invalid',
  'One of the required keys was not given a value',
  'One or more parameter values were invalid: Type mismatch for key',
]);

/**
 * What DynamoDB says where DynamoDB Local says something else, or nothing. Source: DynamoDB developer guide, "Error
 * handling with DynamoDB"; API reference, TransactWriteItems, `ClientRequestToken`.
 * @param said DynamoDB Local's text
 */
export function wording(code: string, said: string, operation: string, body: Json, place: Place): string {
  const table = textAt(body, 'TableName');
  if (code === 'ResourceNotFoundException' && said === 'Cannot do operations on a non-existent table') {
    return ON_TABLES.has(operation)
      ? `Requested resource not found: Table: ${table} not found`
      : 'Requested resource not found';
  }
  if (code === 'ResourceInUseException' && said === 'Cannot create preexisting table') {
    return `Table already exists: ${table}`;
  }
  if (code === 'IdempotentParameterMismatchException' && said === '') {
    return 'The request has a client token that came with a request of other parameters.';
  }
  if (code === 'ValidationException' && BY_KEY.has(operation) && OTHER_KEYS.has(said)) {
    return 'The provided key element does not match the schema';
  }
  return textFromLocal(said, place);
}
