import * as z from 'zod/mini';
import { sampleOf, type JsonSchema } from './sample-data';

/** Schemas as events have them. */
const schema = z.object({
  id: z.string().check(z.minLength(3)),
  total: z.string().check(z.regex(/^\d+\.\d{2}$/)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  status: z.enum(['OPEN', 'PAID']),
  kind: z.literal('invoice'),
  lines: z.array(z.object({ count: z.int().check(z.gte(2)), price: z.number().check(z.gt(4)) })).check(z.minLength(2)),
  rate: z.number().check(z.lte(0.5)),
  note: z.optional(z.string()),
  payer: z.union([z.object({ name: z.string() }), z.null()]),
  isFinal: z.boolean(),
  issuedAt: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
  dueOn: z.iso.date(),
  mail: z.email(),
  key: z.uuid(),
});

describe('sampleOf', () => {
  it('gives data that the schema allows, without what is optional', () => {
    const sample = sampleOf(z.toJSONSchema(schema) as JsonSchema);
    expect(z.safeParse(schema, sample).error?.issues).toBeUndefined();
    expect(sample).not.toHaveProperty('note');
  });
});
