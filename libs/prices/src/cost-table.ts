import { eventsCost, eventUnits, GUARANTEES, plainUnits, type EventPath } from './event-cost';
import { CUSTOM_METRICS } from './custom-metrics';
import { PRICES_AS_OF } from './prices';
import { monthlyCost, totalOf, type Month } from './stack-cost';

/** What docs/reference/costs.md compares: a stack with three consumers, idle by how much is watched, and at 10 million events a month. */
export const MONTHS: readonly (readonly [title: string, month: Month])[] = [
  ['idle, `none` (dev)', { events: 0, consumers: 3, observability: 'none' }],
  ['idle, `essential`', { events: 0, consumers: 3, observability: 'essential' }],
  ['idle, `full`', { events: 0, consumers: 3 }],
  ['10 million events', { events: 10_000_000, consumers: 3 }],
  [
    'the same for less',
    {
      ...{ events: 10_000_000, consumers: 3, batch: 10, eventKilobytes: 1 },
      ...{ observability: 'essential', customMetrics: 'sweeper', logSampleRate: 0.1 },
    },
  ],
];

/** The bills of some months side by side, as a table in Markdown. */
export function costTable(months: typeof MONTHS = MONTHS): string {
  const bills = months.map(([, month]) => monthlyCost(month));
  const parts = (bills[0] ?? []).map(({ part }, index) => [
    part,
    ...bills.map((bill) => dollars(bill[index]?.usd ?? 0)),
  ]);
  const rows = [
    [`US dollars a month (${PRICES_AS_OF.region}, ${PRICES_AS_OF.date})`, ...months.map(([title]) => title)],
    ...parts,
    ['**all**', ...bills.map((bill) => `**${dollars(totalOf(bill))}**`)],
  ];
  return markdownTable(rows);
}

/** The ways of an event that docs/reference/costs.md compares: two consumers, one of which is in-order. */
const PATHS: readonly (readonly [title: string, path: EventPath])[] = [
  ['1 KB, one by one', { consumers: 2, inOrder: 1, batch: 1, eventKilobytes: 1 }],
  ['1 KB, batches of 10', { consumers: 2, inOrder: 1, batch: 10, eventKilobytes: 1 }],
  ['2 KB, batches of 10', { consumers: 2, inOrder: 1, batch: 10, eventKilobytes: 2 }],
];

/** What a million events cost by guarantee, beside a path without any, as a table in Markdown. */
export function guaranteeTable(paths: typeof PATHS = PATHS): string {
  const million = (units: ReturnType<typeof eventUnits>) => eventsCost(units, 1_000_000);
  const sums = paths.map(([, path]) => ({ all: million(eventUnits(path)), plain: million(plainUnits(path)) }));
  return markdownTable([
    ['US dollars a million events', ...paths.map(([title]) => title)],
    ...GUARANTEES.map((guarantee) => [
      guarantee === 'none' ? 'the way itself' : guarantee,
      ...paths.map(([, path]) => dollars(million(eventUnits(path).filter((each) => each.guarantee === guarantee)))),
    ]),
    ['**all**', ...sums.map(({ all }) => `**${dollars(all)}**`)],
    ['a path without guarantees', ...sums.map(({ plain }) => dollars(plain))],
    ['times as much', ...sums.map(({ all, plain }) => (all / plain).toFixed(1))],
  ]);
}

const ONE_BY_ONE: EventPath = { consumers: 2, inOrder: 1, batch: 1, eventKilobytes: 1 };
/** What a million events cost less by one lever, from the same path without it. */
const LEVERS: readonly (readonly [lever: string, less: Partial<EventPath>])[] = [
  ['`batching_window_seconds` that fills batches', { batch: 10 }],
  ['`log_sample_rate = 0.1`', { logSampleRate: 0.1 }],
  ['`log_level = "WARN"`', { logSampleRate: 0 }],
  ['`custom_metrics = "sweeper"`: lines of metrics', { metrics: false }],
  ['`once` instead of `in-order`', { inOrder: 0 }],
];

/** What levers save of a million events, as a table in Markdown. */
export function leverTable(path: EventPath = ONE_BY_ONE): string {
  const million = (each: EventPath) => eventsCost(eventUnits(each), 1_000_000);
  const saved = (from: EventPath, less: Partial<EventPath>) => dollars(million(from) - million({ ...from, ...less }));
  const batched = { ...path, batch: 10 };
  return markdownTable([
    ['US dollars a million events', 'one by one', 'batches of 10'],
    ['**all**', `**${dollars(million(path))}**`, `**${dollars(million(batched))}**`],
    ...LEVERS.map(([lever, less]) => [`less by ${lever}`, saved(path, less), saved(batched, less)]),
  ]);
}

/** Which metrics of its own a stack writes, as a table in Markdown. */
export function metricsTable(): string {
  const names = (all: readonly string[]) => all.map((name) => (/^[A-Z]/.test(name) ? `\`${name}\`` : name)).join(' ');
  return markdownTable(
    [
      ['function', 'in every hour of its work', 'in hours with something out of the ordinary'],
      ...Object.entries(CUSTOM_METRICS).map(([writer, { steady, odd }]) => [writer, names(steady), names(odd)]),
    ],
    'left',
  );
}

function markdownTable(rows: readonly (readonly string[])[], align: 'left' | 'right' = 'right'): string {
  const isLeft = (column: number): boolean => align === 'left' || column === 0;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number): string =>
    isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const written = rows.map((row) => `| ${row.map(padded).join(' | ')} |`);
  const rules = widths.map((width, column) => (isLeft(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [written[0], `| ${rules.join(' | ')} |`, ...written.slice(1)].join('\n');
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}
