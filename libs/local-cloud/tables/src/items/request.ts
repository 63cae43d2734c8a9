import { validation } from '../errors';
import { objectAt, type Json } from '../json';
import type { TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { readItem } from '../values/read-value';

/** Finds a table by the name in a request. @throws AwsError ResourceNotFoundException */
export type FindTable = (name: string) => TableDefinition;

/** @throws AwsError ValidationException for a member that has to be there */
export function required<T>(value: T | undefined, member: string): T {
  if (value !== undefined) return value;
  throw validation(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** The attributes in a member such as `Key` or `Item`. */
export function attributesAt(body: Json, member: 'Key' | 'Item' | 'ExclusiveStartKey'): Item {
  const given = required(objectAt(body, member), `${member.charAt(0).toLowerCase()}${member.slice(1)}`);
  return readItem(given);
}

/** Parameters from before there were expressions. */
const LEGACY: readonly string[] = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];
const EXPRESSIONS: readonly string[] = [
  'ProjectionExpression',
  'UpdateExpression',
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
];

/** @throws AwsError ValidationException for a request that has both */
export function checkNotMixed(body: Json): void {
  const given = (names: readonly string[]): string[] =>
    names.filter((name) => body[name] !== undefined && body[name] !== null);
  const [legacy, expressions] = [given(LEGACY), given(EXPRESSIONS)];
  if (legacy.length === 0 || expressions.length === 0) return;
  throw validation(
    'Can not use both expression and non-expression parameters in the same request: ' +
      `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
  );
}
