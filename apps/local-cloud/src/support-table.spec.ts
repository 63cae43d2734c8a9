import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceModel } from '@outbox/local-cloud-wire';
import { services } from './testing/services';
import { supportTable } from './support-table';

const DOCUMENT = join(__dirname, '../../../docs/reference/local-cloud.md');
const BEGIN = '<!-- support table: begin (UPDATE_DOCS=1 npx nx test local-cloud) -->\n\n';
const END = '\n\n<!-- support table: end -->';

describe('the support table', () => {
  it('is in the reference as the engine runs it', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const [before = '', rest = ''] = text.split(BEGIN);
    const [documented, after = ''] = rest.split(END);
    const table = supportTable(services());
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, `${before}${BEGIN}${table}${END}${after}`);
    else expect(documented).toBe(table);
  });

  it('names no operation AWS does not have', () => {
    const unknown = services().flatMap(({ name, operations }) =>
      Object.keys(operations).filter((operation) => !serviceModel(name).operations.has(operation)),
    );
    expect(unknown).toEqual([]);
  });
});
