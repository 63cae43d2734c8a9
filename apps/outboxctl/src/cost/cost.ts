import { MONTH_HOURS, monthlyCost, PRICES_AS_OF, totalOf } from '@outbox/prices';
import { columns, wrap, type Style } from '@outbox/cli-kit';
import type { Load } from '../load';
import type { Stack } from '../stack';

/** What a stack costs in a month of a load, US dollars. */
export interface CostReport {
  readonly load: Load;
  readonly eventsPerMonth: number;
  readonly consumers: number;
  readonly pricesAsOf: typeof PRICES_AS_OF;
  readonly parts: readonly {
    readonly part: string;
    readonly usd: number;
    /** What it costs though nothing happens. */
    readonly idleUsd: number;
  }[];
  readonly usd: number;
  readonly idleUsd: number;
  /** What a million events more cost; queues that are polled while idle cost less than that at first. */
  readonly usdPerMillionEvents: number;
}

const MILLION = 1_000_000;
/** So many events that every queue is busy and each further one costs the same. */
const BUSY = 100 * MILLION;

/** The bill of a month of this load, part by part. */
export function costReport({ consumers: handlers }: Pick<Stack, 'consumers'>, load: Load): CostReport {
  const consumers = Object.keys(handlers).length;
  const eventsPerMonth = Math.round(load.eventsPerSecond * MONTH_HOURS * 3_600);
  const bill = (events: number) => monthlyCost({ events, consumers });
  const [lines, idle] = [bill(eventsPerMonth), bill(0)];
  return {
    load,
    eventsPerMonth,
    consumers,
    pricesAsOf: PRICES_AS_OF,
    parts: lines.map(({ part, usd }, index) => ({ part, usd, idleUsd: idle[index]?.usd ?? 0 })),
    usd: totalOf(lines),
    idleUsd: totalOf(idle),
    usdPerMillionEvents: totalOf(bill(BUSY + MILLION)) - totalOf(bill(BUSY)),
  };
}

/** The report as a person reads it. */
export function renderCost(report: CostReport, style: Style): string {
  const { load, eventsPerMonth, consumers, pricesAsOf, parts, usd, idleUsd, usdPerMillionEvents } = report;
  const [head = '', ...lines] = columns([
    ['US dollars a month', 'idle', 'with load', 'share'],
    ...parts.map((each) => [each.part, dollars(each.idleUsd), dollars(each.usd), percent(each.usd, usd)]),
    ['all', dollars(idleUsd), dollars(usd), percent(usd, usd)],
  ]);
  return [
    `load: ${load.how}; ${eventsPerMonth} events in a month, ${consumers} consumers`,
    '',
    style.bold(head),
    ...lines,
    '',
    `a million events more: ${dollars(usdPerMillionEvents)}`,
    ...wrap(
      `list prices of ${pricesAsOf.region} on ${pricesAsOf.date}, without free tiers, storage and transfer; events of 2 KB, batches of one (more is cheaper), no retries`,
    ).map((line) => style.dim(line)),
  ].join('\n');
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

function percent(part: number, all: number): string {
  return all === 0 ? '' : `${Math.round((100 * part) / all)} %`;
}
