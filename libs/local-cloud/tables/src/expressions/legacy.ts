import { validation } from '../errors';
import { isObject, objectAt, textAt, type Json } from '../json';
import { typeOf, type AttributeValue } from '../values/attribute-value';
import { compareValues } from '../values/compare';
import { readValue } from '../values/read-value';
import type { Condition, Operand, Path, SetValue, UpdateAction } from './ast';
import type { Comparator } from './syntax';

/**
 * Parameters from before there were expressions, as what expressions mean. Source: developer guide, "Legacy conditional
 * parameters".
 */

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  EQ: '=',
  NE: '<>',
  LE: '<=',
  LT: '<',
  GE: '>=',
  GT: '>',
};

/** How many values an operator takes: exactly, or at least one. */
const VALUE_COUNTS: Readonly<Record<string, number | 'some'>> = {
  ...Object.fromEntries(Object.keys(COMPARATORS).map((name) => [name, 1])),
  NULL: 0,
  NOT_NULL: 0,
  CONTAINS: 1,
  NOT_CONTAINS: 1,
  BEGINS_WITH: 1,
  BETWEEN: 2,
  IN: 'some',
};

/** `Expected`, `QueryFilter`, `ScanFilter` or `KeyConditions` as one condition; undefined where there is none. */
export function legacyCondition(
  body: Json,
  member: 'Expected' | 'QueryFilter' | 'ScanFilter' | 'KeyConditions',
): Condition | undefined {
  const given = objectAt(body, member);
  if (!given) return undefined;
  const conditions = Object.entries(given).map(([name, part]) => conditionOn(name, isObject(part) ? part : {}));
  const kind = textAt(body, 'ConditionalOperator') === 'OR' && member !== 'KeyConditions' ? 'or' : 'and';
  return conditions.reduce<Condition | undefined>((left, right) => (left ? { kind, left, right } : right), undefined);
}

function conditionOn(name: string, part: Json): Condition {
  const operand: Operand = { kind: 'path', path: [name] };
  const operator = textAt(part, 'ComparisonOperator');
  if (operator === undefined) return existence(name, part);
  const values = valuesOf(part);
  const wanted = VALUE_COUNTS[operator];
  if (wanted === undefined) {
    throw validation(`Unsupported operator on attribute ${name}: ${operator}`);
  }
  if (wanted === 'some' ? values.length === 0 : values.length !== wanted) {
    throw validation(
      `One or more parameter values were invalid: Invalid number of argument(s) for the ${operator} ComparisonOperator`,
    );
  }
  checkTypes(operator, values);
  return compared(
    operand,
    operator,
    values.map((value): Operand => ({ kind: 'value', value })),
  );
}

/** Types of values that an operator takes; those without a limit are left out. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['LE', 'LT', 'GE', 'GT', 'BETWEEN', 'IN', 'CONTAINS', 'NOT_CONTAINS'].map((name) => [name, ['S', 'N', 'B']]),
  ),
  BEGINS_WITH: ['S', 'B'],
};

function checkTypes(operator: string, values: readonly AttributeValue[]): void {
  const wrong = values.find((value) => TYPES[operator]?.includes(typeOf(value)) === false);
  if (!wrong) return;
  throw validation(
    `One or more parameter values were invalid: ComparisonOperator ${operator} is not valid for ${typeOf(wrong)} AttributeValue type`,
  );
}

function valuesOf(part: Json): readonly AttributeValue[] {
  const list = part['AttributeValueList'];
  if (Array.isArray(list)) return list.map((value: unknown) => readValue(value));
  return part['Value'] === undefined ? [] : [readValue(part['Value'])];
}

function existence(name: string, part: Json): Condition {
  const path: Operand = { kind: 'path', path: [name] };
  if (part['Exists'] === false) {
    if (part['Value'] === undefined) return { kind: 'function', name: 'attribute_not_exists', operands: [path] };
    throw validation(
      `One or more parameter values were invalid: Value cannot be used when Exists is set to false for Attribute: ${name}`,
    );
  }
  if (part['Value'] === undefined) {
    throw validation(
      `One or more parameter values were invalid: Value must be provided when Exists is ${part['Exists'] === true ? 'true' : 'null'} for Attribute: ${name}`,
    );
  }
  const right: Operand = { kind: 'value', value: readValue(part['Value']) };
  return { kind: 'compare', operator: '=', left: path, right };
}

function compared(operand: Operand, operator: string, values: readonly Operand[]): Condition {
  const [first, second] = values;
  const comparator = COMPARATORS[operator];
  if (comparator && first) return { kind: 'compare', operator: comparator, left: operand, right: first };
  if (operator === 'BETWEEN' && first && second) {
    checkBounds(first, second);
    return { kind: 'between', operand, lower: first, upper: second };
  }
  if (operator === 'IN') return { kind: 'in', operand, list: values };
  if (operator === 'NOT_NULL') return { kind: 'function', name: 'attribute_exists', operands: [operand] };
  if (operator === 'NULL') return { kind: 'function', name: 'attribute_not_exists', operands: [operand] };
  if (operator === 'BEGINS_WITH') return { kind: 'function', name: 'begins_with', operands: [operand, ...values] };
  const contains: Condition = { kind: 'function', name: 'contains', operands: [operand, ...values] };
  if (operator === 'CONTAINS') return contains;
  // NOT_CONTAINS holds for attributes that are there only.
  const exists: Condition = { kind: 'function', name: 'attribute_exists', operands: [operand] };
  return { kind: 'and', left: exists, right: { kind: 'not', of: contains } };
}

function checkBounds(lower: Operand, upper: Operand): void {
  if (lower.kind !== 'value' || upper.kind !== 'value') return;
  const order = compareValues(lower.value, upper.value);
  if (order === undefined) {
    throw validation(
      `One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type`,
    );
  }
  if (order > 0) {
    throw validation(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
}

/** What is said of a value in `AttributeUpdates` that the attribute's can't be added to, or taken from, for its type. */
export const LEGACY_MISMATCH = 'Type mismatch for attribute to update';

const SETS: readonly string[] = ['SS', 'NS', 'BS'];

/** Types as errors of `AttributeUpdates` call them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
};

/**
 * `AttributeUpdates` as an update's actions.
 * @throws AwsError ValidationException for an action without the value it needs, or with one of a type it doesn't take
 */
export function legacyUpdate(body: Json): readonly UpdateAction[] {
  const updates = objectAt(body, 'AttributeUpdates') ?? {};
  return Object.entries(updates).map(([name, update]) => actionOn([name], isObject(update) ? update : {}));
}

function actionOn(path: Path, update: Json): UpdateAction {
  const action = textAt(update, 'Action') ?? 'PUT';
  const value = update['Value'] === undefined ? undefined : readValue(update['Value']);
  if (action === 'DELETE') {
    if (!value) return { action: 'REMOVE', path };
    if (SETS.includes(typeOf(value))) return { action: 'DELETE', path, value };
    throw notSupported('DELETE action with value', value);
  }
  if (!value) {
    throw validation(
      `One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified`,
    );
  }
  if (action === 'PUT') return { action: 'SET', path, value: { kind: 'value', value } };
  // A list is added to by appending, which no expression's ADD does.
  if ('L' in value) return { action: 'SET', path, value: appended(path, value) };
  if (!['N', ...SETS].includes(typeOf(value))) throw notSupported('ADD action', value);
  return { action: 'ADD', path, value };
}

function notSupported(what: string, value: AttributeValue): Error {
  const type = TYPE_NAMES[typeOf(value)];
  return validation(`One or more parameter values were invalid: ${what} is not supported for the type ${type}`);
}

function appended(path: Path, value: AttributeValue): SetValue {
  const empty = { kind: 'value', value: { L: [] } } as const;
  return {
    kind: 'list_append',
    left: { kind: 'if_not_exists', path, otherwise: empty },
    right: { kind: 'value', value },
  };
}
