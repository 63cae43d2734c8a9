import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { breakingChanges } from './compatibility';

/** A schema that a test can change, and generate data for. */
type Shape =
  | { readonly kind: 'text'; readonly minLength: number }
  | { readonly kind: 'number'; readonly max: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Fields };
type Fields = Readonly<Record<string, { readonly shape: Shape; readonly optional: boolean }>>;

const { anyShape, objectShape } = fc.letrec<{ anyShape: Shape; objectShape: Shape & { kind: 'object' } }>((tie) => ({
  anyShape: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('text' as const), minLength: fc.nat(2) }),
    fc.record({ kind: fc.constant('number' as const), max: fc.nat(9) }),
    fc.record({ kind: fc.constant('enum' as const), values: fc.subarray(['a', 'b', 'c'], { minLength: 1 }) }),
    fc.record({ kind: fc.constant('list' as const), of: tie('anyShape') }),
    tie('objectShape'),
  ),
  objectShape: fc.record({
    kind: fc.constant('object' as const),
    fields: fc.dictionary(
      fc.constantFrom('p', 'q', 'r'),
      fc.record({ shape: tie('anyShape'), optional: fc.boolean() }),
    ),
  }),
}));

/** The shape with one change somewhere, or with none. */
function changed(shape: Shape): fc.Arbitrary<Shape> {
  const here = [fc.constant(shape), anyShape];
  if (shape.kind === 'list')
    return fc.oneof(
      ...here,
      changed(shape.of).map((of): Shape => ({ ...shape, of })),
    );
  if (shape.kind === 'enum') {
    const other = [...shape.values, 'd'];
    return fc.oneof(...here, fc.constant<Shape>({ ...shape, values: other }));
  }
  if (shape.kind !== 'object') return fc.oneof(...here);
  const { fields } = shape;
  const others = Object.entries(fields).flatMap(([name, { shape: inner, optional }]) => {
    const { [name]: _, ...rest } = fields;
    return [
      fc.constant(rest),
      fc.constant({ ...fields, [name]: { shape: inner, optional: !optional } }),
      changed(inner).map((shape) => ({ ...fields, [name]: { shape, optional } })),
    ];
  });
  const added = fc
    .record({ shape: anyShape, optional: fc.boolean() })
    .map((field): Fields => ({ ...fields, added: field }));
  return fc.oneof(
    ...here,
    ...[added, ...others].map((change) => change.map((next): Shape => ({ ...shape, fields: next }))),
  );
}

/** The shape with a new optional field in each of its objects. */
function extended(shape: Shape): Shape {
  if (shape.kind === 'list') return { ...shape, of: extended(shape.of) };
  if (shape.kind !== 'object') return shape;
  const fields = Object.entries(shape.fields).map(([name, field]) => [
    name,
    { ...field, shape: extended(field.shape) },
  ]);
  const added = { shape: { kind: 'text', minLength: 1 }, optional: true };
  return { ...shape, fields: { ...(Object.fromEntries(fields) as Fields), added } as Fields };
}

function schemaOf(shape: Shape): z.ZodMiniType {
  switch (shape.kind) {
    case 'text':
      return z.string().check(z.minLength(shape.minLength));
    case 'number':
      return z.int().check(z.gte(0), z.lte(shape.max));
    case 'enum':
      return z.enum([...shape.values]);
    case 'list':
      return z.array(schemaOf(shape.of));
    case 'object':
      return z.object(
        Object.fromEntries(
          Object.entries(shape.fields).map(([name, { shape: inner, optional }]) => [
            name,
            optional ? z.optional(schemaOf(inner)) : schemaOf(inner),
          ]),
        ),
      );
  }
}

function dataOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return fc.string({ minLength: shape.minLength, maxLength: 3 });
    case 'number':
      return fc.integer({ min: 0, max: shape.max });
    case 'enum':
      return fc.constantFrom(...shape.values);
    case 'list':
      return fc.array(dataOf(shape.of), { maxLength: 2 });
    case 'object': {
      const fields = Object.entries(shape.fields);
      const requiredKeys = fields.filter(([, { optional }]) => !optional).map(([name]) => name);
      return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, dataOf(field.shape)])), {
        requiredKeys,
      });
    }
  }
}

const jsonOf = (shape: Shape) => z.toJSONSchema(schemaOf(shape), { io: 'input' });

describe('breakingChanges', () => {
  it('finds nothing only where each side accepts whatever the other sends', () => {
    const pairs = objectShape.chain((released) =>
      changed(released).chain((current) =>
        fc.record({
          released: fc.constant(released),
          current: fc.constant(current),
          sentByOld: dataOf(released),
          sentByNew: dataOf(current),
        }),
      ),
    );
    fc.assert(
      fc.property(pairs, ({ released, current, sentByOld, sentByNew }) => {
        if (breakingChanges(jsonOf(released), jsonOf(current)).length > 0) return;
        expect(z.safeParse(schemaOf(current), sentByOld).error).toBeUndefined();
        expect(z.safeParse(schemaOf(released), sentByNew).error).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a new optional field in any object for compatible, and to take it away again for breaking', () => {
    fc.assert(
      fc.property(objectShape, (shape) => {
        const [before, after] = [jsonOf(shape), jsonOf(extended(shape))];
        expect(breakingChanges(before, after)).toEqual([]);
        expect(breakingChanges(after, before)).toContainEqual(expect.objectContaining({ pointer: '/added' }));
      }),
    );
  });
});
