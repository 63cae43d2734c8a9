import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable, guaranteeTable } from './cost-table';
import { eventsCost, eventUnits, millionBy, plainUnits, type EventPath } from './event-cost';
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

describe('what an event costs', () => {
  const path = { consumers: 2, batch: 10 };

  it('is about what the sample of AWS costs, where nothing is guaranteed', () => {
    expect(eventsCost(plainUnits(path), 1_000_000)).toBeCloseTo(6.5, 0);
  });

  it('is at most twice as much with every guarantee, in full batches of events that fit into 1 KB', () => {
    const guaranteed = eventsCost(eventUnits({ ...path, eventKilobytes: 1 }), 1_000_000);
    expect(guaranteed / eventsCost(plainUnits(path), 1_000_000)).toBeLessThanOrEqual(2);
  });

  it('is the sum of its places, of its guarantees and of its meters', () => {
    const units = eventUnits(path);
    for (const property of ['part', 'guarantee', 'meter'] as const) {
      const sum = millionBy(units, property).reduce((total, { usd }) => total + usd, 0);
      expect(sum).toBeCloseTo(eventsCost(units, 1_000_000));
    }
  });

  it('grows with every kilobyte of the event, and with an in-order consumer', () => {
    const usd = (more: Partial<EventPath>) => eventsCost(eventUnits({ ...path, ...more }), 1_000_000);
    expect(usd({ eventKilobytes: 1.1 })).toBeGreaterThan(usd({ eventKilobytes: 1 }));
    expect(usd({ inOrder: 1 }) - usd({})).toBeCloseTo(3 * 0.625 + 0.125);
  });
});

describe(DOCUMENT, () => {
  it.each([
    ['costs', costTable],
    ['guarantees', guaranteeTable],
  ])('shows the table of %s as it is computed', (name, table) => {
    const marks = new RegExp(`(<!-- ${name}: begin[^\\n]*-->\\n\\n)[^]*?(\\n\\n<!-- ${name}: end -->)`);
    const wanted = read(DOCUMENT).replace(marks, (_, begin: string, end: string) => begin + table() + end);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(root, DOCUMENT), wanted);

    expect(wanted).toMatch(marks);
    // Out of date? UPDATE_DOCS=1 npx nx test prices
    expect(read(DOCUMENT)).toBe(wanted);
  });
});
