import fc from 'fast-check';
import type { KeyType } from '../values/attribute-value';
import {
  conditions,
  expressionMembers,
  filters,
  plainUpdates,
  projections,
  updates,
  type Expression,
} from './expressions';
import { legacyBodies } from './legacy-requests';
import { GLOBAL_INDEX, itemsOf, keysOf, keyValues, LOCAL_INDEX, type Shape } from './shapes';

/** One call. */
export interface Request {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

type Body = Record<string, unknown>;

function onFailure(): fc.Arbitrary<Body> {
  return fc.constantFrom({}, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
}

/** Calls on one table, named `table`. */
export function requestsOn(table: string, shape: Shape): fc.Arbitrary<Request> {
  const TableName = table;
  const conditional = maybe(conditions);
  const putBody = fc
    .tuple(itemsOf(shape), conditional, onFailure())
    .map(([Item, ConditionExpression, failure]): Body => ({
      TableName,
      Item,
      ...expressionMembers({ ConditionExpression }),
      ...failure,
    }));
  const deleteBody = fc
    .tuple(keysOf(shape), conditional, onFailure())
    .map(([Key, ConditionExpression, failure]): Body => ({
      TableName,
      Key,
      ...expressionMembers({ ConditionExpression }),
      ...failure,
    }));
  const updateBody = (expressions: fc.Arbitrary<Expression>) =>
    fc
      .tuple(keysOf(shape), expressions, conditional, onFailure())
      .map(([Key, UpdateExpression, ConditionExpression, failure]): Body => ({
        TableName,
        Key,
        ...expressionMembers({ UpdateExpression, ConditionExpression }),
        ...failure,
      }));
  const getBody = fc
    .tuple(keysOf(shape), maybe(projections))
    .map(([Key, ProjectionExpression]): Body => ({ TableName, Key, ...expressionMembers({ ProjectionExpression }) }));
  const checkBody = fc
    .tuple(keysOf(shape), conditions, onFailure())
    .map(([Key, ConditionExpression, failure]): Body => ({
      TableName,
      Key,
      ...expressionMembers({ ConditionExpression }),
      ...failure,
    }));

  const returning = (...wanted: readonly string[]) =>
    fc.constantFrom({}, ...wanted.map((ReturnValues) => ({ ReturnValues })));
  const call = (operation: string, bodies: fc.Arbitrary<Body>, more: fc.Arbitrary<Body> = fc.constant({})) =>
    fc.tuple(bodies, more).map(([body, extra]): Request => ({ operation, body: { ...body, ...extra } }));
  const part = fc.oneof(
    putBody.map((Put) => ({ Put })),
    updateBody(updates).map((Update) => ({ Update })),
    deleteBody.map((Delete) => ({ Delete })),
    checkBody.map((ConditionCheck) => ({ ConditionCheck })),
  );
  const batchPart = fc.oneof(
    itemsOf(shape).map((Item) => ({ PutRequest: { Item } })),
    keysOf(shape).map((Key) => ({ DeleteRequest: { Key } })),
  );
  const legacy = Object.entries(legacyBodies(table, shape)).map(([operation, bodies]) => call(operation, bodies));
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...legacy) },
    { weight: 6, arbitrary: call('PutItem', putBody, returning('ALL_OLD')) },
    { weight: 2, arbitrary: call('DeleteItem', deleteBody, returning('ALL_OLD')) },
    { weight: 5, arbitrary: call('UpdateItem', updateBody(updates), returning('ALL_OLD', 'ALL_NEW')) },
    { weight: 2, arbitrary: call('UpdateItem', updateBody(plainUpdates), returning('UPDATED_OLD', 'UPDATED_NEW')) },
    { weight: 3, arbitrary: call('GetItem', getBody) },
    { weight: 4, arbitrary: call('Query', queryBody(TableName, shape)) },
    { weight: 1, arbitrary: call('Scan', scanBody(TableName, shape)) },
    {
      weight: 3,
      arbitrary: call(
        'TransactWriteItems',
        fc
          .array(part, { minLength: 1, maxLength: 3 })
          .map((parts) => ({ TransactItems: withoutChecksOfOthers(parts) })),
      ),
    },
    {
      weight: 1,
      arbitrary: call(
        'TransactGetItems',
        fc
          .array(getBody, { minLength: 1, maxLength: 3 })
          .map((gets) => ({ TransactItems: gets.map((Get) => ({ Get })) })),
      ),
    },
    {
      weight: 1,
      arbitrary: call(
        'BatchWriteItem',
        fc.array(batchPart, { minLength: 1, maxLength: 4 }).map((parts) => ({ RequestItems: { [table]: parts } })),
      ),
    },
    {
      weight: 1,
      arbitrary: call(
        'BatchGetItem',
        fc
          .array(keysOf(shape), { minLength: 1, maxLength: 4 })
          .map((Keys) => ({ RequestItems: { [table]: { Keys } } })),
      ),
    },
  );
}

type Part = Readonly<Record<string, Body>>;

/** DynamoDB Local lets a check and a write be on one item, AWS doesn't (API reference, TransactWriteItems). */
function withoutChecksOfOthers(parts: readonly Part[]): readonly Part[] {
  const keyOf = (part: Part): string => {
    const [body] = Object.values(part);
    const { pk, sk } = (body?.['Key'] ?? body?.['Item'] ?? {}) as Body;
    return JSON.stringify([pk, sk]);
  };
  const others = (part: Part): string[] => parts.filter((other) => other !== part).map(keyOf);
  const kept = parts.filter((part) => !('ConditionCheck' in part && others(part).includes(keyOf(part))));
  return kept.length > 0 ? kept : parts.slice(0, 1);
}

function queryBody(TableName: string, shape: Shape): fc.Arbitrary<Body> {
  const indexes = [
    undefined,
    ...(shape.globalIndex ? [GLOBAL_INDEX] : []),
    ...(shape.hasLocalIndex ? [LOCAL_INDEX] : []),
  ];
  return fc.constantFrom(...indexes).chain((IndexName) => {
    const hash = IndexName === GLOBAL_INDEX ? { name: 'g', type: 'S' as const } : { name: 'pk', type: shape.hash };
    return fc
      .record({
        hashValue: keyValues(hash.type),
        range: maybe(rangeCondition(rangeOf(shape, IndexName))),
        filter: maybe(filters),
        projection: maybe(projections),
        paging: fc.constantFrom({}, { Limit: 1 }, { Limit: 2 }),
        direction: fc.constantFrom({}, { ScanIndexForward: false }, { ScanIndexForward: true }),
      })
      .map(({ hashValue, range, filter, projection, paging, direction }): Body => {
        const keys: Expression = {
          text: `${hash.name} = :h${range ? ` AND ${range.text}` : ''}`,
          values: { ':h': hashValue, ...range?.values },
          names: {},
        };
        return {
          TableName,
          ...(IndexName ? { IndexName } : {}),
          ...expressionMembers({
            KeyConditionExpression: keys,
            FilterExpression: filter,
            ProjectionExpression: IndexName === GLOBAL_INDEX ? undefined : projection,
          }),
          ...paging,
          ...direction,
        };
      });
  });
}

function rangeOf(
  shape: Shape,
  index: string | undefined,
): { readonly name: string; readonly type: KeyType } | undefined {
  if (index === LOCAL_INDEX || (index === GLOBAL_INDEX && shape.globalIndex?.hasRange)) return { name: 'h', type: 'N' };
  return index === undefined && shape.range ? { name: 'sk', type: shape.range } : undefined;
}

function rangeCondition(
  range: { readonly name: string; readonly type: KeyType } | undefined,
): fc.Arbitrary<Expression | undefined> {
  if (!range) return fc.constant(undefined);
  const { name, type } = range;
  const forms = ['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'];
  return fc.tuple(fc.constantFrom(...forms), keyValues(type), keyValues(type)).map(([form, low, high]): Expression => {
    if (form === 'BETWEEN') {
      return { text: `${name} BETWEEN :low AND :high`, values: { ':low': low, ':high': high }, names: {} };
    }
    const text = form === 'begins_with' ? `begins_with(${name}, :low)` : `${name} ${form} :low`;
    return { text, values: { ':low': low }, names: {} };
  });
}

function scanBody(TableName: string, shape: Shape): fc.Arbitrary<Body> {
  const indexes = [undefined, ...(shape.globalIndex ? [GLOBAL_INDEX] : [])];
  return fc
    .record({ IndexName: fc.constantFrom(...indexes), filter: maybe(filters) })
    .map(({ IndexName, filter }): Body => ({
      TableName,
      ...(IndexName ? { IndexName } : {}),
      // A filter on a global index sees in DynamoDB Local what the index doesn't hold.
      ...expressionMembers({ FilterExpression: IndexName ? undefined : filter }),
    }));
}
