import fc from 'fast-check';
import { itemsOf, keysOf, keyValues, scalars, values, type Shape } from './shapes';

type Body = Record<string, unknown>;

const NAMES = ['a', 'b', 'm', 'l', 'nothing'];
const ONE_VALUE = ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH'];

/** One condition: an operator with as many values as it takes, of types it may not take. */
const condition: fc.Arbitrary<Body> = fc.oneof(
  fc.tuple(fc.constantFrom(...ONE_VALUE), scalars).map(([ComparisonOperator, value]) => ({
    ComparisonOperator,
    AttributeValueList: [value],
  })),
  fc.constantFrom('NULL', 'NOT_NULL').map((ComparisonOperator) => ({ ComparisonOperator })),
  fc
    .array(
      scalars.filter((value) => 'S' in value),
      { minLength: 1, maxLength: 3 },
    )
    .map((AttributeValueList) => ({
      ComparisonOperator: 'IN',
      AttributeValueList,
    })),
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(3)).map(([low, more]) => ({
    ComparisonOperator: 'BETWEEN',
    AttributeValueList: [{ N: String(low) }, { N: String(low + more) }],
  })),
);

const conditions = fc.dictionary(fc.constantFrom(...NAMES), condition, { minKeys: 1, maxKeys: 2 });
const combined = (given: Body): fc.Arbitrary<Body> =>
  Object.keys(given).length > 1 ? fc.constantFrom({}, { ConditionalOperator: 'OR' }) : fc.constant({});

const expected: fc.Arbitrary<Body> = fc.oneof(
  conditions.chain((Expected) => combined(Expected).map((operator): Body => ({ Expected, ...operator }))),
  fc.constant({ Expected: { a: { Exists: false } } }),
  scalars.map((Value): Body => ({ Expected: { a: { Value } } })),
);

const update: fc.Arbitrary<Body> = fc.oneof(
  values.map((Value): Body => ({ Action: 'PUT', Value })),
  fc.constant({ Action: 'DELETE' }),
  fc.tuple(fc.constantFrom('ADD', 'DELETE'), values).map(([Action, Value]): Body => ({ Action, Value })),
);

/** Bodies with the parameters from before there were expressions, by operation. */
export function legacyBodies(TableName: string, shape: Shape) {
  const maybe = fc.option(expected, { nil: {} });
  return {
    PutItem: fc.tuple(itemsOf(shape), expected).map(([Item, more]): Body => ({ TableName, Item, ...more })),
    DeleteItem: fc.tuple(keysOf(shape), expected).map(([Key, more]): Body => ({ TableName, Key, ...more })),
    UpdateItem: fc
      .tuple(keysOf(shape), fc.dictionary(fc.constantFrom(...NAMES), update, { minKeys: 1, maxKeys: 2 }), maybe)
      .map(([Key, AttributeUpdates, more]): Body => ({
        TableName,
        Key,
        AttributeUpdates,
        ...more,
        ReturnValues: 'ALL_NEW',
      })),
    Query: fc.tuple(keyValues(shape.hash), conditions).chain(([value, QueryFilter]) =>
      combined(QueryFilter).map((operator): Body => ({
        TableName,
        KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [value] } },
        QueryFilter,
        ...operator,
      })),
    ),
    Scan: conditions.chain((ScanFilter) =>
      combined(ScanFilter).map((operator): Body => ({ TableName, ScanFilter, ...operator })),
    ),
    GetItem: fc
      .tuple(keysOf(shape), fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }))
      .map(([Key, AttributesToGet]): Body => ({ TableName, Key, AttributesToGet })),
  };
}
