import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CATALOGUE } from './catalogue';

const folder = join(__dirname, '..', 'contracts');
const entries = Object.entries(CATALOGUE).flatMap(([type, versions]) =>
  Object.entries(versions).map(([uri, schema]) => ({
    type,
    uri,
    schema,
    file: `${type}.${uri.split(':').at(-1)}.schema.json`,
  })),
);

/** The checked-in JSON Schemas; `UPDATE_CONTRACTS=1` writes what is missing, and never overwrites a released one. */
describe('the released contracts', () => {
  it.each(entries)('$file says what the code says', ({ uri, schema, file }) => {
    const generated = `${JSON.stringify({ $id: uri, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }, null, 2)}\n`;
    if (process.env['UPDATE_CONTRACTS'] === '1' && !existsSync(join(folder, file))) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), generated);
    }
    expect(generated).toBe(readFileSync(join(folder, file), 'utf8'));
  });
});
