import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { VERB_EXAMPLES } from '../examples';
import { ERROR_SHAPE, SHAPES } from './shapes';

const file = join(__dirname, '..', '..', '..', '..', 'docs', 'reference', 'outboxctl-output.json');

describe('the shapes of outboxctl --json', () => {
  it('are there for each verb, but for those that print no JSON of their own', () => {
    const verbs = Object.keys(VERB_EXAMPLES).filter((verb) => !['console', 'source-lines'].includes(verb));
    expect(Object.keys(SHAPES).sort()).toEqual(verbs.sort());
  });

  it('are checked in as JSON Schema; UPDATE_DOCS=1 writes it', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      description:
        'A line that outboxctl prints under --json, by its verb; `error` is what it prints on standard error.',
      $defs: Object.fromEntries(
        Object.entries({ ...SHAPES, error: ERROR_SHAPE })
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([verb, shape]) => [verb, withoutVersion(z.toJSONSchema(shape))]),
      ),
    };
    const generated = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, generated);
    expect(readFileSync(file, 'utf8')).toBe(generated);
  });
});

function withoutVersion({ $schema: _, ...schema }: object & { readonly $schema?: string }): object {
  return schema;
}
