import {
  eventsCost,
  eventUnits,
  millionBy,
  MONTH_HOURS,
  monthlyCost,
  plainUnits,
  PRICES_AS_OF,
  totalOf,
  type EventPath,
  type Guarantee,
} from '@outbox/prices';
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
  /** What a million events cost by what is paid for: while events come one by one, and in full batches. */
  readonly perMillionEvents: readonly PerMillion[];
}

/** What a million events cost, US dollars. */
export interface PerMillion {
  /** Messages that an invocation gets. */
  readonly batch: number;
  readonly usd: number;
  /** Of the same work without any guarantee: a REST API that writes, pipe, bus, queues and functions. */
  readonly plainUsd: number;
  /** What each guarantee adds; `none` is what the way itself costs. */
  readonly guarantees: readonly { readonly guarantee: Guarantee; readonly usd: number }[];
}

const BATCHES = [1, 10] as const;
const MILLION = 1_000_000;
/** So many events that every queue is busy and each further one costs the same. */
const BUSY = 100 * MILLION;

/** The bill of a month of this load, part by part. */
export function costReport(
  { consumers: handlers, observability }: Pick<Stack, 'consumers' | 'observability'>,
  load: Load,
): CostReport {
  const consumers = Object.keys(handlers).length;
  const inOrder = Object.values(handlers).filter(({ policy }) => policy === 'in-order').length;
  const eventsPerMonth = Math.round(load.eventsPerSecond * MONTH_HOURS * 3_600);
  const { profile, custom_metrics: customMetrics, log_sample_rate: logSampleRate } = observability ?? {};
  const path = { consumers, inOrder, logSampleRate };
  const bill = (events: number) => monthlyCost({ ...path, events, observability: profile, customMetrics });
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
    perMillionEvents: BATCHES.map((batch) =>
      perMillion({ ...path, batch, metrics: customMetrics === undefined || customMetrics === 'all' }),
    ),
  };
}

function perMillion(path: EventPath & { readonly batch: number }): PerMillion {
  const units = eventUnits(path);
  return {
    batch: path.batch,
    usd: eventsCost(units, MILLION),
    plainUsd: eventsCost(plainUnits(path), MILLION),
    guarantees: millionBy(units, 'guarantee').map(({ name, usd }) => ({ guarantee: name, usd })),
  };
}

/** The report as a person reads it. */
export function renderCost(report: CostReport, style: Style): string {
  const { load, eventsPerMonth, consumers, pricesAsOf, parts, usd, idleUsd, usdPerMillionEvents } = report;
  const [million = '', ...guarantees] = columns(millionTable(report.perMillionEvents));
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
    '',
    style.bold(million),
    ...guarantees,
    '',
    ...wrap(
      `list prices of ${pricesAsOf.region} on ${pricesAsOf.date}, without free tiers, storage and transfer; events of 2 KB, batches of one (more is cheaper), no retries`,
    ).map((line) => style.dim(line)),
  ].join('\n');
}

/** What a million events cost, by what is paid for, beside the same work without any guarantee. */
function millionTable(all: readonly PerMillion[]): readonly (readonly string[])[] {
  const names = all[0]?.guarantees.map(({ guarantee }) => guarantee) ?? [];
  const of = ({ guarantees }: PerMillion, name: Guarantee): number =>
    guarantees.find(({ guarantee }) => guarantee === name)?.usd ?? 0;
  return [
    ['US dollars a million events', ...all.map(({ batch }) => (batch === 1 ? 'one by one' : `batches of ${batch}`))],
    ...names.map((name) => [name === 'none' ? 'the way itself' : name, ...all.map((each) => dollars(of(each, name)))]),
    ['all', ...all.map(({ usd }) => dollars(usd))],
    ['a path without guarantees', ...all.map(({ plainUsd }) => dollars(plainUsd))],
    ['times as much', ...all.map(({ usd, plainUsd }) => (usd / plainUsd).toFixed(1))],
  ];
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

function percent(part: number, all: number): string {
  return all === 0 ? '' : `${Math.round((100 * part) / all)} %`;
}
