import { validation } from '../errors';
import type { Bound } from '../storage/item-reader';
import type { KeyAttribute, Keys } from '../tables/definition';
import { typeOf, type AttributeValue } from '../values/attribute-value';
import { afterPrefix, keyBytes } from '../values/key-bytes';
import type { Condition, Operand } from './ast';

/** What a query asks of its keys. */
export interface KeyCondition {
  readonly hash: AttributeValue;
  /** What it asks of the range key, as bounds of its bytes. */
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** What is asked of one attribute. */
interface Part {
  readonly name: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';
  readonly values: readonly AttributeValue[];
}

const TURNED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/**
 * Takes a key condition apart: equality for the hash key, and one condition on the range key if any.
 * @throws AwsError ValidationException in DynamoDB's words
 */
export function readKeyCondition(condition: Condition, keys: Keys): KeyCondition {
  const parts = partsOf(condition);
  const names = parts.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
  const hash = parts.find(({ name }) => name === keys.hash.name);
  const others = parts.filter((part) => part !== hash);
  const range = keys.range && others.find(({ name }) => name === keys.range?.name);
  if (!hash || others.length > (range ? 1 : 0)) throw missesKey(keys, hash !== undefined);
  const [value] = hash.values;
  if (hash.operator !== '=' || !value) throw validation('Query key condition not supported');
  checkPart(hash, keys.hash);
  if (!range || !keys.range) return { hash: value };
  checkPart(range, keys.range);
  return { hash: value, ...boundsOf(range) };
}

function missesKey(keys: Keys, hasHash: boolean): Error {
  const name = hasHash ? keys.range?.name : keys.hash.name;
  return validation(
    name === undefined ? 'Query key condition not supported' : `Query condition missed key schema element: ${name}`,
  );
}

function checkPart({ name, values }: Part, { type }: KeyAttribute): void {
  for (const value of values) {
    if (typeOf(value) !== type) {
      throw validation(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    const empty = 'S' in value && value.S === '' ? 'string' : 'B' in value && value.B === '' ? 'binary' : undefined;
    if (empty !== undefined) {
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
      );
    }
  }
}

function boundsOf({ operator, values }: Part): Pick<KeyCondition, 'lower' | 'upper'> {
  const [first, last = first] = values.map(keyBytes);
  if (!first || !last) throw new Error('a condition on a key has a value');
  const lower = (isInclusive: boolean): Pick<KeyCondition, 'lower'> => ({ lower: { bytes: first, isInclusive } });
  const upper = (bytes: Buffer, isInclusive: boolean): Pick<KeyCondition, 'upper'> => ({
    upper: { bytes, isInclusive },
  });
  switch (operator) {
    case '=':
    case 'BETWEEN':
      return { ...lower(true), ...upper(last, true) };
    case '<':
    case '<=':
      return upper(first, operator === '<=');
    case '>':
    case '>=':
      return lower(operator === '>=');
    case 'begins_with': {
      const end = afterPrefix(first);
      return { ...lower(true), ...(end ? upper(end, false) : {}) };
    }
  }
}

function partsOf(condition: Condition): readonly Part[] {
  switch (condition.kind) {
    case 'and':
      return [...partsOf(condition.left), ...partsOf(condition.right)];
    case 'or':
    case 'not':
      throw invalidOperator(condition.kind.toUpperCase());
    case 'in':
      throw invalidOperator('IN');
    case 'compare': {
      if (condition.operator === '<>') throw invalidOperator('<>');
      const { left, right, operator } = condition;
      return [left.kind === 'value' ? part(right, TURNED[operator], [left]) : part(left, operator, [right])];
    }
    case 'between':
      if (condition.operand.kind === 'value') {
        throw validation(
          'Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand',
        );
      }
      return [part(condition.operand, 'BETWEEN', [condition.lower, condition.upper])];
    case 'function': {
      if (condition.name !== 'begins_with') throw invalidOperator(condition.name);
      const [attribute, prefix] = condition.operands;
      if (!attribute || !prefix) throw new Error('begins_with has two operands');
      return [part(attribute, 'begins_with', [prefix])];
    }
  }
}

function part(attribute: Operand, operator: Part['operator'], given: readonly Operand[]): Part {
  if ([attribute, ...given].some(({ kind }) => kind === 'size')) {
    throw validation('KeyConditionExpressions cannot contain nested operations');
  }
  if (attribute.kind !== 'path') {
    throw validation('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  const values = given.map((operand) => {
    if (operand.kind === 'value') return operand.value;
    throw validation('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  });
  const [name, ...rest] = attribute.path;
  if (rest.length > 0) {
    throw validation(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${name}`,
    );
  }
  return { name, operator, values };
}

function invalidOperator(operator: string): Error {
  return validation(`Invalid operator used in KeyConditionExpression: ${operator}`);
}
