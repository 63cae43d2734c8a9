import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable } from './cost-table';
import { costOf } from './prices';
import { monthlyCost, totalOf } from './stack-cost';

const root = join(__dirname, '..', '..', '..');
const DOCUMENT = 'docs/reference/costs.md';
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('monthlyCost', () => {
  it('charges by the unit', () => {
    expect(costOf('httpApiRequest', 2_500_000)).toBe(2.5);
    expect(costOf('alarm', 46)).toBeCloseTo(4.6);
  });

  it('grows with events by the same amount each, and an idle stack still costs', () => {
    const bill = (events: number): number => totalOf(monthlyCost({ events, consumers: 3 }));
    expect(bill(0)).toBeGreaterThan(0);
    const [first, second] = [bill(20_000_000) - bill(10_000_000), bill(30_000_000) - bill(20_000_000)];
    expect(second).toBeCloseTo(first);
    expect(first).toBeGreaterThan(bill(0));
  });

  it('costs less than a dollar a month while idle and unwatched, as dev is, with its four consumers', () => {
    const idle = { events: 0, consumers: 4 };
    expect(read('terraform/environments/dev.tfvars')).toMatch(/^observability +?= "none"$/m);
    expect(totalOf(monthlyCost({ ...idle, observability: 'none' }))).toBeLessThan(1);
    expect(totalOf(monthlyCost({ ...idle, observability: 'essential' }))).toBeLessThan(5);
    expect(totalOf(monthlyCost(idle))).toBeGreaterThan(10);
  });

  it('counts the alarms that the Terraform module makes', () => {
    const alarmsIn = (file: string, indent: number): number =>
      [
        ...read(`terraform/modules/observability/${file}`).matchAll(/^( +)[a-z-]+ += (?:handler\.consumer \? )?\{$/gm),
      ].filter(([, spaces = '']) => spaces.length === indent).length;
    expect(alarmsIn('pipeline.tf', 4)).toBe(12);
    // The acknowledger has all but failing, lag and late.
    expect(alarmsIn('handlers.tf', 6)).toBe(10);
  });
});

describe(DOCUMENT, () => {
  it('shows the table as it is computed', () => {
    const marks = /(<!-- costs: begin[^\n]*-->\n\n)[^]*?(\n\n<!-- costs: end -->)/;
    const wanted = read(DOCUMENT).replace(marks, (_, begin: string, end: string) => begin + costTable() + end);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(root, DOCUMENT), wanted);

    expect(wanted).toMatch(marks);
    // Out of date? UPDATE_DOCS=1 npx nx test prices
    expect(read(DOCUMENT)).toBe(wanted);
  });
});
