import { costOf, type Meter } from './prices';

/** A month of the stack as `terraform apply` makes it. */
export interface Month {
  /** Events that are committed, relayed, delivered to every queue, applied and acknowledged. */
  readonly events: number;
  readonly consumers: number;
  /** How much of it is watched, as Terraform's variable says; left out: full. */
  readonly observability?: 'full' | 'essential' | 'none';
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
/** Of functions, as the modules set it. */
const MEMORY_GB = 0.25;
/** Custom metrics: the sweeper writes its own each minute; the others only while events flow. */
const SWEEPER_METRICS = 5;
const METRICS_OF_FLOW = 8;
const METRICS_PER_CONSUMER = 6;
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
export function monthlyCost({ events, consumers, observability = 'full' }: Month): readonly CostLine[] {
  const queues = consumers + 1;
  const flowing = events > 0;
  return [
    line('API and its function', [
      ['httpApiRequest', events],
      ['lambdaRequest', events],
      ['lambdaGigabyteSecond', events * 0.05 * MEMORY_GB],
    ]),
    // A transaction doubles its writes: 1 KB of state are 2, 2 KB of event 4, the aggregate's head 2. The index takes one
    // more, the acknowledgement two and one.
    line('State table', [['dynamodbWrite', events * 2]]),
    line('Outbox table', [['dynamodbWrite', events * (4 + 2 + 1 + 2 + 1)]]),
    line('Pipe and relay', [
      ['pipeRequest', events],
      ['lambdaRequest', events],
      ['lambdaGigabyteSecond', events * 0.01 * MEMORY_GB],
    ]),
    line('Event bus and archive', [
      ['busEvent', events],
      ['archivedGigabyte', (events * 2) / KILOBYTES_PER_GIGABYTE],
    ]),
    // To send, receive and delete.
    line('Queues', [['sqsRequest', queues * Math.max(events * 3, MINUTES * 6)]]),
    // 4 write units each: the effect of a transaction, or one write and its index.
    line('Consumers and acknowledger, their tables', [
      ['lambdaRequest', queues * events],
      ['lambdaGigabyteSecond', queues * events * 0.03 * MEMORY_GB],
      ['dynamodbWrite', consumers * events * 4],
      ['dynamodbRead', consumers * events],
    ]),
    line('Sweeper, once a minute', [
      ['schedulerInvocation', MINUTES],
      ['lambdaRequest', MINUTES],
      ['lambdaGigabyteSecond', MINUTES * 0.1 * MEMORY_GB],
      ['dynamodbRead', (MINUTES * 8) / 2],
    ]),
    line('Logs', [['loggedGigabyte', (events * (4 + 2 * consumers) + MINUTES) / KILOBYTES_PER_GIGABYTE]]),
    line('Metrics, alarms, dashboard', watching(observability, consumers, flowing)),
  ];
}

function watching(
  observability: 'full' | 'essential' | 'none',
  consumers: number,
  flowing: boolean,
): readonly (readonly [Meter, number])[] {
  if (observability === 'none') return [];
  const metrics = SWEEPER_METRICS + (flowing ? METRICS_OF_FLOW + METRICS_PER_CONSUMER * consumers : 0);
  if (observability === 'essential') {
    const alarms = ESSENTIAL_ALARMS + ESSENTIAL_ALARMS_PER_HANDLER * (consumers + 1);
    return [
      ['customMetric', metrics],
      ['alarm', alarms],
      ['compositeAlarm', 1],
    ];
  }
  return [
    ['customMetric', metrics],
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
