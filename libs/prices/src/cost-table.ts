import { eventsCost, eventUnits, GUARANTEES, plainUnits, type EventPath } from './event-cost';
import { PRICES_AS_OF } from './prices';
import { monthlyCost, totalOf, type Month } from './stack-cost';

/** What docs/reference/costs.md compares: a stack with three consumers, idle by how much is watched, and at 10 million events a month. */
export const MONTHS: readonly (readonly [title: string, month: Month])[] = [
  ['idle, `none` (dev)', { events: 0, consumers: 3, observability: 'none' }],
  ['idle, `essential`', { events: 0, consumers: 3, observability: 'essential' }],
  ['idle, `full`', { events: 0, consumers: 3 }],
  ['10 million events', { events: 10_000_000, consumers: 3 }],
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

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const written = rows.map((row) => `| ${row.map((cell, column) => pad(cell, column, widths)).join(' | ')} |`);
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [written[0], rule, ...written.slice(1)].join('\n');
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}
