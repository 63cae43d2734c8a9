import fc from 'fast-check';
import type { AttributeValue, Item, KeyType } from '../values/attribute-value';

/** A table as specs make it: short names, few keys, so that requests meet the same items again and again. */
export interface Shape {
  readonly hash: KeyType;
  readonly range?: KeyType;
  /** Keys of its indexes: attributes `g` and `h`, and for a local one `h` beside the table's hash key. */
  readonly globalIndex?: { readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; readonly hasRange: boolean };
  readonly hasLocalIndex: boolean;
}

export const GLOBAL_INDEX = 'by-g';
export const LOCAL_INDEX = 'by-h';

export const shapes: fc.Arbitrary<Shape> = fc
  .record({
    hash: fc.constantFrom<KeyType>('S', 'S', 'N', 'B'),
    range: fc.option(fc.constantFrom<KeyType>('S', 'N', 'B'), { nil: undefined, freq: 4 }),
    globalIndex: fc.option(
      fc.record({
        projection: fc.constantFrom('ALL' as const, 'KEYS_ONLY' as const, 'INCLUDE' as const),
        hasRange: fc.boolean(),
      }),
      { nil: undefined },
    ),
    wantsLocalIndex: fc.boolean(),
  })
  .map(({ wantsLocalIndex, ...shape }) => ({ ...shape, hasLocalIndex: wantsLocalIndex && shape.range !== undefined }));

/** The request that makes the table. */
export function createRequest(TableName: string, { hash, range, globalIndex, hasLocalIndex }: Shape) {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  const attribute = (AttributeName: string, AttributeType: KeyType) => ({ AttributeName, AttributeType });
  const usesH = hasLocalIndex || globalIndex?.hasRange === true;
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      attribute('pk', hash),
      ...(range ? [attribute('sk', range)] : []),
      ...(globalIndex ? [attribute('g', 'S')] : []),
      ...(usesH ? [attribute('h', 'N')] : []),
    ],
    KeySchema: [key('pk', 'HASH'), ...(range ? [key('sk', 'RANGE')] : [])],
    ...(globalIndex
      ? {
          GlobalSecondaryIndexes: [
            {
              IndexName: GLOBAL_INDEX,
              KeySchema: [key('g', 'HASH'), ...(globalIndex.hasRange ? [key('h', 'RANGE')] : [])],
              Projection: {
                ProjectionType: globalIndex.projection,
                ...(globalIndex.projection === 'INCLUDE' ? { NonKeyAttributes: ['a'] } : {}),
              },
            },
          ],
        }
      : {}),
    ...(hasLocalIndex
      ? {
          LocalSecondaryIndexes: [
            {
              IndexName: LOCAL_INDEX,
              KeySchema: [key('pk', 'HASH'), key('h', 'RANGE')],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        }
      : {}),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

const texts = fc.constantFrom('', 'a', 'ab', 'b', 'Zoë', '😀', 'z'.repeat(40), 'N', 'SS');
const numbers = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '2',
    '10',
    '-10',
    '1.5',
    '0.001',
    '1e3',
    '-0',
    '00.50',
    '1E+20',
    '123456789012345678901234567890',
  ),
  fc.integer({ min: -3, max: 3 }).map(String),
);
const bytes = fc.uint8Array({ maxLength: 3 }).map((array) => Buffer.from(array).toString('base64'));
const canonical = (list: readonly string[]): string[] => [...new Set(list.map((text) => String(Number(text))))];

export const scalars: fc.Arbitrary<AttributeValue> = fc.oneof(
  texts.map((S) => ({ S })),
  numbers.map((N) => ({ N })),
  bytes.map((B) => ({ B })),
);

export const values: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalars,
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'ab', 'Zoë'), { minLength: 1 }).map((SS) => ({ SS })),
    fc
      .array(fc.constantFrom('1', '2', '3.5', '-1'), { minLength: 1, maxLength: 3 })
      .map((NS) => ({ NS: canonical(NS) })),
    fc.uniqueArray(fc.constantFrom('AA==', 'AQ==', 'YWJj'), { minLength: 1 }).map((BS) => ({ BS })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(fc.constantFrom('x', 'y', 'status'), tie('value'), { maxKeys: 3 }).map((M) => ({ M })),
  ),
})).value;

/** A key's value of a type, out of few. */
export function keyValues(type: KeyType): fc.Arbitrary<AttributeValue> {
  if (type === 'S') return fc.constantFrom('a', 'b', 'ba', 'ü').map((S) => ({ S }));
  if (type === 'N') return fc.constantFrom('0', '1', '-1', '2.5', '10', '-20', '1e2').map((N) => ({ N }));
  return fc.constantFrom('AA==', 'AQ==', '/w==', 'AQI=').map((B) => ({ B }));
}

export function keysOf({ hash, range }: Shape): fc.Arbitrary<Item> {
  return fc.record({ pk: keyValues(hash), ...(range ? { sk: keyValues(range) } : {}) }) as fc.Arbitrary<Item>;
}

/** An item that the table takes. */
export function itemsOf(shape: Shape): fc.Arbitrary<Item> {
  const maybe = (arbitrary: fc.Arbitrary<AttributeValue>) => fc.option(arbitrary, { nil: undefined });
  const others = fc.record({
    a: maybe(values),
    b: maybe(values),
    m: maybe(fc.dictionary(fc.constantFrom('x', 'y'), values, { maxKeys: 2 }).map((M) => ({ M }))),
    l: maybe(fc.array(values, { maxLength: 3 }).map((L) => ({ L }))),
    g: maybe(keyValues('S')),
    h: maybe(keyValues('N')),
  });
  return fc.tuple(keysOf(shape), others).map(([key, rest]) => {
    const present = Object.entries(rest).filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined);
    return { ...Object.fromEntries(present), ...key };
  });
}
