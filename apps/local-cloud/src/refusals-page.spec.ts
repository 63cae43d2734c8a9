import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aligned } from './markdown-table';
import { refusalsInCode } from './testing/refusals-in-code';
import { services } from './testing/services';

const PAGE = join(__dirname, '../../../docs/reference/refusals.md');
const BEGIN = '<!-- refusals: begin (UPDATE_DOCS=1 npx nx test local-cloud) -->\n\n';
const END = '\n\n<!-- refusals: end -->';

describe('the page of refusals', () => {
  const refusals = refusalsInCode();

  it('lists what the code refuses', () => {
    const text = readFileSync(PAGE, 'utf8');
    const [before = '', rest = ''] = text.split(BEGIN);
    const [documented, after = ''] = rest.split(END);
    const sections = sectionsOf();
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, `${before}${BEGIN}${sections}${END}${after}`);
    else expect(documented).toBe(sections);
  });

  it('finds refusals of every form they are written in', () => {
    expect(refusals).toEqual(
      expect.arrayContaining([
        { service: 'sts', operation: 'AssumeRole', what: 'SourceIdentity' },
        { service: 'kms', operation: 'CreateKey', what: 'CustomKeyStoreId' },
        { service: 'cloudwatch', operation: 'metric math', what: 'the function …' },
        { service: 'sns', operation: 'Subscribe', what: 'the protocol …' },
        { service: 'lambda', operation: 'CreateFunction', what: 'every option that it doesn’t name' },
      ]),
    );
  });

  /** A message names `#<service>`: each that is run has its section. */
  function sectionsOf(): string {
    const names = services().map(({ name }) => name);
    return names
      .sort()
      .map((name) => {
        const own = refusals.filter(({ service }) => service === (name === 'dynamodbstreams' ? '' : name));
        if (own.length === 0)
          return `## ${name}\n\nNothing but operations that [it doesn't run](local-cloud.md#what-it-runs).`;
        const rows = own.map(({ operation, what }) => [operation === '' ? 'several' : `\`${operation}\``, what]);
        return `## ${name}\n\n${aligned([['operation', 'refused'], ...rows]).join('\n')}`;
      })
      .join('\n\n');
  }
});
