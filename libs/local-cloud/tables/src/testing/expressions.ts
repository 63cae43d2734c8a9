import fc from 'fast-check';
import type { AttributeValue } from '../values/attribute-value';
import { scalars, values } from './shapes';

/** An expression with the values and names its placeholders stand for. */
export interface Expression {
  readonly text: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
  readonly names: Readonly<Record<string, string>>;
}

const PATHS = [
  'a',
  'b',
  'm.x',
  'm.y',
  'l[0]',
  'l[1]',
  'a.x',
  'm',
  'l',
  'g',
  'nothing',
  '#s',
  'm.#s',
  'b[0].x',
  'l[0].y',
  'm.x.y',
];
const TOP_PATHS = ['a', 'b', 'm', 'l', 'nothing', '#s'];

interface Piece {
  readonly text: string;
  readonly values: readonly AttributeValue[];
}

const joined = (parts: readonly (string | Piece)[]): Piece => ({
  text: parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''),
  values: parts.flatMap((part) => (typeof part === 'string' ? [] : part.values)),
});

const path: fc.Arbitrary<Piece> = fc.constantFrom(...PATHS).map((text) => ({ text, values: [] }));
// A hole, filled with a placeholder once all are known.
const hole = (arbitrary: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Piece> =>
  arbitrary.map((value) => ({ text: '§', values: [value] }));

const operand: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 5, arbitrary: path },
  { weight: 5, arbitrary: hole(scalars) },
  { weight: 1, arbitrary: hole(values) },
  { weight: 1, arbitrary: path.map((of) => joined(['size(', of, ')'])) },
);

const comparison: fc.Arbitrary<Piece> = fc.oneof(
  fc
    .tuple(operand, fc.constantFrom(' = ', ' <> ', ' < ', ' <= ', ' > ', ' >= '), operand)
    .map(([left, operator, right]) => joined([left, operator, right])),
  fc
    .tuple(operand, operand, operand)
    .map(([value, lower, upper]) => joined([value, ' BETWEEN ', lower, ' AND ', upper])),
  fc
    .tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 }))
    .map(([value, list]) =>
      joined([value, ' IN (', ...list.flatMap((one, at) => (at > 0 ? [', ', one] : [one])), ')']),
    ),
  fc
    .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), path)
    .map(([name, of]) => joined([name, '(', of, ')'])),
  fc
    .tuple(fc.constantFrom('begins_with', 'contains'), operand, operand)
    .map(([name, first, second]) => joined([name, '(', first, ', ', second, ')'])),
  fc
    .tuple(path, fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'L', 'M', 'X'))
    .map(([of, type]) => joined(['attribute_type(', of, ', ', { text: '§', values: [{ S: type }] }, ')'])),
);

const condition: fc.Arbitrary<Piece> = fc.letrec<{ condition: Piece }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    comparison,
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => joined([a, ' AND ', b])),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => joined(['(', a, ') OR ', b])),
    tie('condition').map((of) => joined(['NOT ', of])),
  ),
})).condition;

const setValue: fc.Arbitrary<Piece> = fc.oneof(
  hole(values),
  hole(values),
  path,
  fc.tuple(operand, fc.constantFrom(' + ', ' - '), operand).map(([a, sign, b]) => joined([a, sign, b])),
  fc.tuple(path, operand).map(([of, otherwise]) => joined(['if_not_exists(', of, ', ', otherwise, ')'])),
  fc
    .tuple(fc.oneof(path, hole(values)), fc.oneof(path, hole(fc.array(values, { maxLength: 2 }).map((L) => ({ L })))))
    .map(([a, b]) => joined(['list_append(', a, ', ', b, ')'])),
);

function update(paths: readonly string[]): fc.Arbitrary<Piece> {
  const target = fc.constantFrom(...paths).map((text): Piece => ({ text, values: [] }));
  const list = (word: string, element: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> =>
    fc
      .array(element, { minLength: 1, maxLength: 2 })
      .map((elements) => joined([word, ...elements.flatMap((one, at) => (at > 0 ? [', ', one] : [one]))]));
  const sections = fc.tuple(
    list(
      'SET ',
      fc.tuple(target, setValue).map(([to, value]) => joined([to, ' = ', value])),
    ),
    list('REMOVE ', target),
    list(
      'ADD ',
      fc.tuple(target, hole(values)).map(([to, value]) => joined([to, ' ', value])),
    ),
    list(
      'DELETE ',
      fc.tuple(target, hole(values)).map(([to, value]) => joined([to, ' ', value])),
    ),
  );
  return fc
    .tuple(sections, fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 2 }))
    .map(([all, wanted]) => joined(wanted.flatMap((at, index) => [index > 0 ? ' ' : '', all[at] ?? ''])));
}

const projection: fc.Arbitrary<Piece> = fc
  .array(path, { minLength: 1, maxLength: 3 })
  .map((paths) => joined(paths.flatMap((one, at) => (at > 0 ? [', ', one] : [one]))));

/** Fills the holes with placeholders of its own prefix, and lists the names. */
function filled(piece: Piece, prefix: string): Expression {
  let next = 0;
  const text = piece.text.replaceAll('§', () => `:${prefix}${next++}`);
  return {
    text,
    values: Object.fromEntries(piece.values.map((value, at) => [`:${prefix}${at}`, value])),
    names: text.includes('#s') ? { '#s': 'status' } : {},
  };
}

/** Now and then an expression that isn't one: a token too many or too few. */
function broken(expression: Expression, seed: number, extra: string): Expression {
  const tokens = expression.text.split(/(?<=[ (),.[\]])|(?=[ (),.[\]])/);
  const at = seed % Math.max(1, tokens.length);
  const text = [...tokens.slice(0, at), extra, ...tokens.slice(extra === '' ? at + 1 : at)].join('');
  // A value after a dot is a thing of its own to DynamoDB's parser.
  return /\.\s*:/.test(text) ? expression : { ...expression, text };
}

function mostlySound(pieces: fc.Arbitrary<Piece>, prefix: string): fc.Arbitrary<Expression> {
  const extra = fc.constantFrom(
    '',
    '(',
    ')',
    ',',
    ' AND ',
    ' NOT ',
    '&',
    '.',
    '[',
    ' status ',
    ' #t ',
    ' :t ',
    '=',
    '5',
    '"',
    '1x',
  );
  return fc.tuple(pieces, fc.nat(), extra, fc.integer({ min: 0, max: 9 })).map(([piece, seed, more, chance]) => {
    const sound = filled(piece, prefix);
    return chance === 0 ? broken(sound, seed, more) : sound;
  });
}

export const conditions = mostlySound(condition, 'c');
export const filters = mostlySound(condition, 'f');
export const updates = mostlySound(update(PATHS), 'u');
/** Updates of whole attributes. */
export const plainUpdates = mostlySound(update(TOP_PATHS), 'u');
export const projections = mostlySound(projection, 'p');

/** The members of a request for its expressions by parameter. */
export function expressionMembers(given: Readonly<Record<string, Expression | undefined>>): Record<string, unknown> {
  const present = Object.entries(given).filter((entry): entry is [string, Expression] => entry[1] !== undefined);
  const all = <T>(member: 'values' | 'names'): Record<string, T> =>
    Object.assign({}, ...present.map(([, expression]) => expression[member])) as Record<string, T>;
  const [attributeValues, names] = [all<AttributeValue>('values'), all<string>('names')];
  return {
    ...Object.fromEntries(present.map(([parameter, { text }]) => [parameter, text])),
    ...(Object.keys(attributeValues).length > 0 ? { ExpressionAttributeValues: attributeValues } : {}),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
  };
}
