import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable, guaranteeTable, leverTable, metricsTable } from './cost-table';
import { CUSTOM_METRICS, metricsWritten } from './custom-metrics';
import { LOGS, eventsCost, eventUnits, millionBy, plainUnits, type EventPath } from './event-cost';
import { costOf } from './prices';
import { monthlyCost, totalOf, type Month } from './stack-cost';

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

  it('tells metrics from alarms, and both from what grows with events', () => {
    const part = (name: string, month: Partial<Month> = {}) =>
      monthlyCost({ events: 1_000_000, consumers: 3, ...month }).find((line) => line.part === name)?.usd;
    expect(part('Custom metrics')).toBeCloseTo(0.3 * (5 + 6 + 3 * 3));
    expect(part('Custom metrics', { events: 2_000_000 })).toBe(part('Custom metrics'));
    expect(part('Custom metrics', { events: 0 })).toBeCloseTo(1.5);
    expect(part('Custom metrics', { observability: 'essential', customMetrics: 'sweeper' })).toBeCloseTo(1.5);
    expect(part('Custom metrics', { observability: 'none' })).toBe(0);
    expect(part('Alarms, dashboard')).toBe(part('Alarms, dashboard', { events: 0 }));
  });

  it('knows the metrics that functions write', () => {
    const sources = ['libs/outbox', 'libs/inbox', 'libs/function-kit'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /(?<!\.spec)\.ts$/.test(path) && !/node_modules|testing|^package\//.test(path))
        .map((path) => read(join(folder, path))),
    );
    const named = sources.flatMap((source) =>
      [...source.matchAll(/metrics\??\.(?:count|milliseconds|percent)\(([^;]+)/g)].flatMap(([, given = '']) =>
        [...given.matchAll(/'([A-Z]\w+)'/g)].map(([, name]) => name),
      ),
    );
    const known = Object.values(CUSTOM_METRICS).flatMap(({ steady, odd }) => [...steady, ...odd]);
    expect([...new Set(named)].sort()).toEqual([...new Set(known.filter((name) => /^[A-Z]/.test(name)))].sort());
    expect(metricsWritten('all', { consumers: 1, flowing: true })).toBe(5 + 6 + 3);
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
    const beforeLogs = plainUnits(path).filter(({ part }) => part !== LOGS);
    expect(eventsCost(beforeLogs, 1_000_000)).toBeCloseTo(6.5, 0);
  });

  it('is at most twice as much with every guarantee, in full batches of events that fit into 1 KB', () => {
    const guaranteed = eventsCost(eventUnits({ ...path, eventKilobytes: 1 }), 1_000_000);
    expect(guaranteed / eventsCost(plainUnits(path), 1_000_000)).toBeLessThanOrEqual(2);
  });

  it('is about twice as much where one of two consumers is in-order', () => {
    const timesAsMuch = (batch: number): number => {
      const inOrder = { consumers: 2, inOrder: 1, batch, eventKilobytes: 1 };
      return eventsCost(eventUnits(inOrder), 1) / eventsCost(plainUnits(inOrder), 1);
    };
    expect(timesAsMuch(1)).toBeLessThanOrEqual(2);
    expect(timesAsMuch(10)).toBeLessThanOrEqual(2.1);
  });

  it('counts the same logs on both sides', () => {
    const logs = (units: ReturnType<typeof eventUnits>, guarantee: string) =>
      units.filter((each) => each.part === LOGS && each.guarantee === guarantee).map(({ units: each }) => each);
    expect(logs(plainUnits(path), 'none')).toEqual(logs(eventUnits(path), 'none'));
    expect(logs(plainUnits(path), 'none').length).toBeGreaterThan(0);
  });

  it('costs less by sampled lines, by no metrics, and by requests that bring several events', () => {
    const usd = (more: Partial<EventPath>) => eventsCost(eventUnits({ ...path, ...more }), 1_000_000);
    expect(usd({}) - usd({ logSampleRate: 0.5 })).toBeCloseTo(0.5 * 2 * 0.48 * 0.5);
    expect(usd({ metrics: false })).toBeLessThan(usd({}));
    expect(usd({ requests: 0.5 })).toBeLessThan(usd({}));
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
    ['levers', leverTable],
    ['metrics', metricsTable],
  ])('shows the table of %s as it is computed', (name, table) => {
    const marks = new RegExp(`(<!-- ${name}: begin[^\\n]*-->\\n\\n)[^]*?(\\n\\n<!-- ${name}: end -->)`);
    const wanted = read(DOCUMENT).replace(marks, (_, begin: string, end: string) => begin + table() + end);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(root, DOCUMENT), wanted);

    expect(wanted).toMatch(marks);
    // Out of date? UPDATE_DOCS=1 npx nx test prices
    expect(read(DOCUMENT)).toBe(wanted);
  });
});
