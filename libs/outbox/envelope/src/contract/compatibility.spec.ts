import * as z from 'zod/mini';
import { breakingChanges } from './compatibility';

const json = (schema: z.ZodMiniType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const text = z.string();
const list = z.array(text);
const size = z.enum(['S', 'M']);

/** What a schema of one field `a` says when the field changes. */
const field = (before: z.ZodMiniType, after: z.ZodMiniType) =>
  [z.object({ a: before }), z.object({ a: after })] as const;

describe('a breaking change', () => {
  it.each([
    ['a removed field', [z.object({ a: text, b: text }), z.object({ b: text })], '/a was removed'],
    ['a removed optional field', [z.object({ a: z.optional(text) }), z.object({})], '/a was removed'],
    [
      'a renamed field: removed',
      [z.object({ a: text }), z.object({ b: text })],
      '/a was removed (to rename a field is',
    ],
    ['a renamed field: added', [z.object({ a: text }), z.object({ b: text })], '/b is new and required'],
    ['a new required field', [z.object({}), z.object({ a: text })], '/a is new and required, but released producers'],
    ['optional → required', field(z.optional(text), text), '/a became required'],
    ['required → optional', field(text, z.optional(text)), '/a became optional'],
    ['another type', field(text, z.int()), '/a type was "string", is now "integer"'],
    ['null as well', field(text, z.nullable(text)), '/a type was "string", is now ["string","null"]'],
    ['a narrower enum', field(size, z.enum(['S'])), '/a lost the value "M"'],
    ['a wider enum', field(size, z.enum(['S', 'M', 'L'])), '/a got the value "L", which released consumers refuse'],
    ['an enum in the place of any text', field(text, size), '/a got the constraint enum ["S","M"]'],
    ['any text in the place of an enum', field(size, text), '/a lost the constraint enum ["S","M"]'],
    ['another constant', field(z.literal('x'), z.literal('y')), '/a const was "x", is now "y"'],
    ['a tightened limit', field(z.int().check(z.lte(9)), z.int().check(z.lte(5))), '/a maximum was 9, is now 5'],
    ['a loosened limit', field(z.int().check(z.lte(5)), z.int().check(z.lte(9))), '/a maximum was 5, is now 9'],
    ['a new limit', field(text, text.check(z.minLength(1))), '/a got the constraint minLength 1'],
    ['a limit less', field(text.check(z.minLength(1)), text), '/a lost the constraint minLength 1'],
    [
      'another pattern',
      field(text.check(z.regex(/^a/)), text.check(z.regex(/^b/))),
      '/a pattern was "^a", is now "^b"',
    ],
    ['items of another type', field(z.array(text), z.array(z.int())), '/a/* type was "string", is now "integer"'],
    ['a field of items', field(z.array(z.object({ b: text })), z.array(z.object({}))), '/a/*/b was removed'],
    [
      'a field of a map’s values',
      field(z.record(text, z.object({ b: text })), z.record(text, z.object({}))),
      '/a/*/b was',
    ],
    ['keys of a map', field(z.record(text, text), z.record(size, text)), '/a propertyNames was'],
    ['a member less', field(z.union([text, list, z.object({})]), z.union([text, list])), '/a anyOf was'],
    ['another member', field(z.union([text, list]), z.union([text, z.object({})])), '/a/anyOf/1 type was "array"'],
    ['a field of a kind', field(kinds({ b: text }), kinds({})), '/a/oneOf/1/b was removed'],
    ['another element', field(z.tuple([text, text]), z.tuple([text, z.int()])), '/a/prefixItems/1 type was "string"'],
    ['unknown fields refused', [z.object({}), z.strictObject({})], ' got the constraint additionalProperties false'],
    [
      'a new field where unknown ones are refused',
      [z.strictObject({}), z.strictObject({ a: z.optional(text) })],
      '/a is new, but released consumers refuse unknown fields (additionalProperties)',
    ],
    ['an odd name', [z.object({ 'a/b~': text }), z.object({ 'a/b~': z.int() })], '/a~1b~0 type was'],
    ['inside a recursive schema', [tree(text), tree(z.int())], '/$defs/__schema0/label type was "string"'],
  ] as const)('is %s', (_what, [released, current], expected) => {
    const changes = breakingChanges(json(released), json(current));
    expect(changes.map(({ pointer, problem }) => `${pointer} ${problem}`).join('\n')).toContain(expected);
  });

  it('is each of several, at its place', () => {
    const [released, current] = [
      z.object({ a: text, b: z.object({ c: text }) }),
      z.object({ b: z.object({ c: size }) }),
    ];
    expect(breakingChanges(json(released), json(current)).map(({ pointer }) => pointer)).toEqual(['/a', '/b/c']);
  });

  it.each([
    ['is a keyword that this doesn’t know', { not: { type: 'null' } }, {}, 'lost the constraint not {"type":"null"}'],
    ['is nothing in the place of a schema', { type: 'string' }, undefined, 'was {"type":"string"}, is now undefined'],
    [
      'is a part of all',
      { allOf: [{ type: 'string' }] },
      { allOf: [{ type: 'null' }] },
      'type was "string", is now "null"',
    ],
    ['is a field that is only required', { required: ['a'] }, {}, 'was removed (to rename a field is to remove it)'],
  ])('%s', (_what, released, current, problem) => {
    expect(breakingChanges(released, current)).toMatchObject([{ problem }]);
  });
});

describe('no breaking change', () => {
  it.each([
    ['a new optional field', [z.object({}), z.object({ a: z.optional(text) })]],
    ['one in items', field(z.array(z.object({})), z.array(z.object({ b: z.optional(text) })))],
    ['one in a map’s values', field(z.record(text, z.object({})), z.record(text, z.object({ b: z.optional(text) })))],
    ['one in a kind', field(kinds({}), kinds({ b: z.optional(text) }))],
    ['one in a member', field(z.union([text, z.object({})]), z.union([text, z.object({ b: z.optional(text) })]))],
    ['one in a recursive schema', [tree(text), z.extend(tree(text), { note: z.optional(text) })]],
    ['the order of an enum', field(size, z.enum(['M', 'S']))],
    ['the order of types', field(z.nullable(text), z.union([z.null(), text]))],
    ['the order of fields', [z.object({ a: text, b: text }), z.object({ b: text, a: text })]],
    ['unknown fields accepted in words', [z.object({}), z.looseObject({})]],
    [
      'documentation',
      field(z.string(), z.string().register(z.globalRegistry, { title: 'A', description: 'Of b.', examples: ['c'] })),
    ],
  ] as const)('is %s', (_what, [released, current]) => {
    expect(breakingChanges(json(released), json(current))).toEqual([]);
  });
});

function kinds(fields: Record<string, z.ZodMiniType>) {
  const first = z.object({ kind: z.literal('first') });
  return z.discriminatedUnion('kind', [first, z.object({ kind: z.literal('second'), ...fields })]);
}

function tree(label: z.ZodMiniType) {
  const node = z.object({
    label,
    get children() {
      return z.array(node);
    },
  });
  return z.object({ root: node });
}
