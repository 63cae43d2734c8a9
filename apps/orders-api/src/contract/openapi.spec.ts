import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATION_PROBLEMS, openApi } from './openapi';
import { PROBLEM_NAMES, problemOf } from './problem-kinds';

const file = join(__dirname, '..', '..', '..', '..', 'docs', 'reference', 'openapi.json');

describe('the HTTP API’s contract', () => {
  it('is checked in as the code has it; UPDATE_DOCS=1 writes it', () => {
    const generated = `${JSON.stringify(openApi(), null, 2)}\n`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, generated);
    expect(readFileSync(file, 'utf8')).toBe(generated);
  });

  it('refers to schemas that are there', () => {
    const text = JSON.stringify(openApi());
    const { components } = openApi() as { components: { schemas: object } };
    const wanted = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(wanted)].sort()).toEqual(Object.keys(components.schemas).sort());
  });

  it('has HEAD wherever there is GET, with its parameters and statuses, and no body', () => {
    interface Operation {
      readonly parameters: readonly object[];
      readonly responses: Readonly<Record<string, object>>;
    }
    const { paths } = openApi() as { paths: Record<string, { readonly get?: Operation; readonly head?: Operation }> };
    const readable = Object.values(paths).filter(({ get }) => get !== undefined);
    expect(readable).toHaveLength(2);
    for (const { get, head } of readable) {
      expect(head?.parameters).toEqual(get?.parameters);
      expect(Object.keys(head?.responses ?? {})).toEqual(Object.keys(get?.responses ?? {}));
      for (const response of Object.values(head?.responses ?? {}))
        expect(Object.keys(response)).not.toContain('content');
    }
  });

  it('has the 404 that a list answers to an id that no customer can have', () => {
    const { paths } = openApi() as { paths: Record<string, { get: { responses: object } }> };
    expect(paths['/customers/{customerId}/orders']?.get.responses).toHaveProperty('404');
  });

  it('tells every problem apart by its kind, and has each at an operation', () => {
    expect(new Set(PROBLEM_NAMES.map((name) => problemOf(name).kind)).size).toBe(PROBLEM_NAMES.length);
    expect(new Set(Object.values(OPERATION_PROBLEMS).flat())).toEqual(new Set(PROBLEM_NAMES));
  });
});
