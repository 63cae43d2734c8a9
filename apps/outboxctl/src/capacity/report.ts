import { QUOTAS_AS_OF } from '@outbox/prices';
import { columns, wrap, type Style } from '@outbox/cli-kit';
import type { Load } from '../load';
import type { Limit } from './limits';

export interface CapacityReport {
  readonly load: Load;
  readonly limits: readonly (Limit & {
    /** Percent of the limit. */
    readonly percent: number;
    /** Events per second at which it is reached. */
    readonly eventsPerSecondAtMost: number;
  })[];
  /** The part that is reached first, but for what grows by itself. */
  readonly binding: { readonly part: string; readonly eventsPerSecond: number; readonly lever: string };
  readonly fits: boolean;
}

/** Judges a load by its limits. `load` is above 0: without any there is nothing to compare. */
export function capacityReport(load: Load, limits: readonly Limit[]): CapacityReport {
  const judged = limits.map((limit) => ({
    ...limit,
    percent: (100 * limit.needed) / limit.limit,
    eventsPerSecondAtMost: (load.eventsPerSecond * limit.limit) / limit.needed,
  }));
  const first = judged
    .filter(({ grows }) => !grows)
    .reduce((least, each) => (each.eventsPerSecondAtMost < least.eventsPerSecondAtMost ? each : least));
  const { part, lever, eventsPerSecondAtMost: eventsPerSecond } = first;
  return { load, limits: judged, binding: { part, eventsPerSecond, lever }, fits: first.percent <= 100 };
}

/** The report as a person reads it: a line per limit, what binds first, and where every figure comes from. */
export function renderCapacity({ load, limits, binding, fits }: CapacityReport, style: Style): string {
  const [head = '', ...lines] = columns([
    ['limit', 'needed', 'there is', '', 'use', 'most/s'],
    ...limits.map((each) => [
      each.part,
      amount(each.needed),
      amount(each.limit),
      each.unit,
      `${amount(each.percent)} %`,
      amount(each.eventsPerSecondAtMost),
    ]),
  ]);
  const verdict = `${binding.part} binds first, at ${amount(binding.eventsPerSecond)} events/s: ${binding.lever}`;
  return [
    `load: ${load.how}, ${amount(load.eventsPerSecond)} events/s`,
    '',
    style.bold(head),
    ...lines.map((line, index) => mark(limits[index])(line)),
    '',
    ...wrap(fits ? verdict : `too much: ${verdict}`, 2).map((line) => (fits ? style.green(line) : style.red(line))),
    '',
    ...[
      `most/s: events a second at most. Where the figures come from (default quotas of ${QUOTAS_AS_OF}: your account may have other ones):`,
      ...limits.map(({ part, because, source }) => `${part}: ${because}; limit: ${source}`),
    ]
      .flatMap((text) => wrap(text, 2))
      .map((line) => style.dim(line)),
  ].join('\n');

  function mark(limit: CapacityReport['limits'][number] | undefined): (text: string) => string {
    if (limit === undefined || limit.percent <= 100) return (text) => text;
    return limit.grows ? (text) => style.yellow(text) : (text) => style.red(text);
  }
}

function amount(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value >= 0.05 ? value.toFixed(1) : '<0.1';
}
