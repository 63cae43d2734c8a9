import { seededRandom } from '@outbox/testing';
import { PatientClient } from '../client';
import type { Finding } from '../finding';
import { untilQuiet } from '../quiet';
import type { Workload } from '../workload';
import { ApiMeter, type ApiFeel } from './api-meter';
import { BREAKS, type BreakTools } from './breaks';
import { drain, type Drain } from './drain';
import { judgeOutage } from './judge-outage';
import { lookAt, untilStill, type Look } from './look';
import { stepMs, type Outage } from './scenario';
import { Timeline } from './timeline';

export interface OutageTools<Accepted> extends BreakTools {
  readonly orders: number;
  /** Told how far it is. */
  readonly report: (text: string) => void;
  /** The business of a run of this name, whose clients wait as they are told. */
  readonly workload: (runName: string, sleep: (ms: number) => Promise<unknown>) => Workload<Accepted>;
}

/** What became of one outage. */
export interface OutageResult {
  readonly kind: string;
  readonly hours: number;
  readonly orders: number;
  /** Committed in all, by clients and by what consumers did. */
  readonly events: number;
  /** What waited when the outage ended. */
  readonly backlog: Look;
  readonly drain: Drain;
  readonly api: ApiFeel;
  readonly findings: readonly Finding[];
}

const HOUR_MS = 3_600_000;
/** A client's longest wait between two changes, and the share of the outage that stands for it. */
const LONGEST_WAIT_MS = 1_200;
const LONGEST_WAIT_SHARE = 1 / 3;
const LONGEST_STILL_MS = 60_000;
/** Longest wait for the backlog, real time. */
const DRAIN = { leastMs: 8 * 60_000, perOrderMs: 1_000 };
const QUIET_MS = 3 * 60_000;
/** How often a break that comes again does. */
const TIMES_AGAIN = 3;

/**
 * Breaks the stack, lets the outage's time pass in steps while orders are placed and changed at a steady rate, mends it,
 * waits until nothing is left, and judges.
 */
export async function runOutage<Accepted>(
  outage: Outage,
  runName: string,
  tools: OutageTools<Accepted>,
): Promise<OutageResult> {
  const { stack, clients, cloud, orders, seed, report } = tools;
  const { kind, lengthMs } = outage;
  const meter = new ApiMeter();
  const timeline = new Timeline(cloud);
  const scale = (lengthMs * LONGEST_WAIT_SHARE) / LONGEST_WAIT_MS;
  const workload = tools.workload(runName, (ms) => timeline.sleep(ms * scale, ms));
  const client = new PatientClient(stack.api_endpoint, meter.note);
  let done = 0;
  const business = Array.from({ length: orders }, async (_, index) => {
    try {
      await timeline.sleep(((index + 0.5) / orders) * lengthMs);
      return await workload.run(index, client, seededRandom(seed, index + 2));
    } finally {
      done += 1;
    }
  });
  const accepting = Promise.allSettled(business);
  const awake = (): number => orders - done - timeline.asleep;
  const still = (): Promise<Look> => untilStill(() => lookAt(clients, stack, cloud), awake, LONGEST_STILL_MS);

  const breaks = outage.breaks.map((name) => BREAKS[name]);
  const menders: (() => Promise<void>)[] = [];
  let backlog: Look;
  try {
    for (const one of breaks) menders.unshift(await one.begin(tools));
    const step = stepMs(lengthMs);
    const steps = Math.ceil(lengthMs / step);
    for (let at = 1; at <= steps; at += 1) {
      await still();
      await timeline.move(Math.min(step, lengthMs - timeline.elapsedMs));
      if (at % Math.ceil(steps / (TIMES_AGAIN + 1)) === 0) {
        for (const one of breaks) await one.again?.(tools);
        report(`${kind}: ${(timeline.elapsedMs / HOUR_MS).toFixed(1)} h, ${done} of ${orders} orders done`);
      }
    }
    backlog = await still();
  } finally {
    for (const mend of menders) await mend();
    timeline.end();
  }
  report(`${kind}: mended, ${backlog.unpublished} events unpublished, ${backlog.underWay} messages under way`);
  const longestMs = DRAIN.leastMs + orders * DRAIN.perOrderMs;
  const drained = await drain(
    { clients, stack, cloud, awake, report: (text) => report(`${kind}: ${text}`) },
    longestMs,
  );
  await untilQuiet({ ...tools, report: () => undefined }, QUIET_MS);
  const outcomes = await accepting;
  const accepted = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const verdict = await workload.judge(accepted);
  const api = meter.feel();
  return {
    kind,
    hours: lengthMs / HOUR_MS,
    orders,
    events: verdict.totals['events'] ?? 0,
    backlog,
    drain: drained,
    api,
    findings: [
      ...outcomes.flatMap((one) => (one.status === 'rejected' ? [unfinished(one.reason)] : [])),
      ...verdict.findings,
      ...judgeOutage(outage, { drain: drained, api }),
    ],
  };
}

function unfinished(reason: unknown): Finding {
  return { kind: 'stuck', subject: 'client', detail: String(reason) };
}
