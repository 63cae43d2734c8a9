import {
  API,
  BUS,
  CONSUMERS,
  eventsCost,
  eventUnits,
  LOGS,
  MEMORY_GB,
  OUTBOX,
  PIPE,
  QUEUES,
  STATE,
  type EventPath,
} from './event-cost';
import { costOf, type Meter } from './prices';
import { metricsWritten, type CustomMetrics } from './custom-metrics';

/** A month of the stack as `terraform apply` makes it. */
export interface Month extends EventPath {
  /** Events that are committed, relayed, delivered to every queue, applied and acknowledged. */
  readonly events: number;
  /** How much of it is watched, as Terraform's variable says; left out: full. */
  readonly observability?: 'full' | 'essential' | 'none';
  /** Whose metrics are written, as `custom_metrics` says; left out: all, and none where nothing is watched. */
  readonly customMetrics?: CustomMetrics;
}

/** One part of the bill. */
export interface CostLine {
  readonly part: string;
  readonly usd: number;
}

/** A month of bills: 730 hours. */
export const MONTH_HOURS = 730;
const MINUTES = MONTH_HOURS * 60;
const KILOBYTES_PER_GIGABYTE = 1_000_000;
const PIPELINE_ALARMS = 12;
const ACKNOWLEDGER_ALARMS = 7;
const ALARMS_PER_CONSUMER = 10;
/** Of the outbox, and of each handler (consumers and acknowledger). */
const ESSENTIAL_ALARMS = 3;
const ESSENTIAL_ALARMS_PER_HANDLER = 2;

/**
 * The bill of a month, part by part. Assumed: an event of 2 KB, 1 KB of state, functions of 10 to 100 ms and batches of
 * one (larger batches cost less), no retries; each queue polled twice every 20 seconds while idle.
 */
export function monthlyCost(month: Month): readonly CostLine[] {
  const { events, consumers, observability = 'full' } = month;
  const { customMetrics = observability === 'none' ? 'none' : 'all' } = month;
  const queues = consumers + 1;
  const units = eventUnits({ ...month, metrics: customMetrics === 'all' });
  const moving = (part: string): number =>
    eventsCost(
      units.filter((each) => each.part === part),
      events,
    );
  const polls = costOf('sqsRequest', queues * MINUTES * 6);
  const sweeps = costOf('loggedGigabyte', MINUTES / KILOBYTES_PER_GIGABYTE);
  return [
    ...[API, STATE, OUTBOX, PIPE, BUS].map((part) => ({ part, usd: moving(part) })),
    { part: QUEUES, usd: Math.max(moving(QUEUES), polls) },
    { part: CONSUMERS, usd: moving(CONSUMERS) },
    line('Sweeper, once a minute', [
      ['schedulerInvocation', MINUTES],
      ['lambdaRequest', MINUTES],
      ['lambdaGigabyteSecond', MINUTES * 0.1 * MEMORY_GB],
      ['dynamodbRead', (MINUTES * 8) / 2],
    ]),
    { part: LOGS, usd: moving(LOGS) + sweeps },
    line('Custom metrics', [['customMetric', metricsWritten(customMetrics, { consumers, flowing: events > 0 })]]),
    line('Alarms, dashboard', watching(observability, consumers)),
  ];
}

function watching(
  observability: 'full' | 'essential' | 'none',
  consumers: number,
): readonly (readonly [Meter, number])[] {
  if (observability === 'none') return [];
  if (observability === 'essential') {
    const alarms = ESSENTIAL_ALARMS + ESSENTIAL_ALARMS_PER_HANDLER * (consumers + 1);
    return [
      ['alarm', alarms],
      ['compositeAlarm', 1],
    ];
  }
  return [
    ['alarm', PIPELINE_ALARMS + ACKNOWLEDGER_ALARMS + ALARMS_PER_CONSUMER * consumers],
    ['compositeAlarm', 2],
    ['dashboard', 1],
  ];
}

/** All of it, in US dollars. */
export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}

function line(part: string, units: readonly (readonly [Meter, number])[]): CostLine {
  return { part, usd: units.reduce((total, [meter, count]) => total + costOf(meter, count), 0) };
}
