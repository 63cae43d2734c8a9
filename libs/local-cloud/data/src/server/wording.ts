import { textFromLocal } from '../proxy/arns';
import { textAt, type Json } from '../proxy/json';
import type { Place } from './client';

/** Operations whose errors name the table that is not there; those on items do not. */
const ON_TABLES: ReadonlySet<string> = new Set(['DescribeTable', 'UpdateTable', 'DeleteTable']);

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
  return textFromLocal(said, place);
}
