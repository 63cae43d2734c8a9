import { seededRandom } from '@outbox/testing';
import type { Stack } from '../support/stack';
import { CallFaults } from './call-faults';
import { PatientClient } from './client';
import type { AwsClients } from './clients';
import { Disturbances } from './disturbances';
import type { FaultPlan } from './fault-plan';
import { Failures } from './failures';
import { countByKind, type Finding, type FindingKind } from './finding';
import type { CrashingCloud } from './local-cloud';
import { Pacer } from './pacer';
import type { Partners } from './partners';
import { Progress } from './progress';
import { Queues } from './queues';
import { untilCaughtUp, untilQuiet } from './quiet';
import { replayGaps } from './rule-gaps';
import type { Workload } from './workload';

export interface ChaosOptions<Accepted> {
  readonly seed: number;
  readonly orders: number;
  /** Clients at work at the same time. */
  readonly concurrency: number;
  readonly plan: FaultPlan;
  readonly workload: Workload<Accepted>;
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  readonly partners?: Partners | undefined;
  /** Unique in the stack. */
  readonly runName: string;
  /** Told how far it is. */
  readonly report: (text: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly seconds: number;
  /** Requests that were sent again because their first answer said nothing. */
  readonly repeats: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<FindingKind, number>>;
  readonly findings: readonly Finding[];
}

/** Faults go on for so long after the last order, less after a short run: what is on its way shall meet them too. */
const CATCH_UP = { longestMs: 30_000, perOrderMs: 80 };
const QUIET_MS = 20 * 60_000;
/** What is broken already need not be waited for so long. */
const BROKEN_QUIET_MS = 3 * 60_000;
const TELL_MS = 30_000;

/**
 * Runs the workload under faults, then without, waits until all is quiet, and judges what is there. Every choice comes
 * from the seed; which call a fault hits depends on how the machine schedules them too. Whatever fails on the way is a
 * finding: there is always a verdict.
 */
export async function runChaos<Accepted>(options: ChaosOptions<Accepted>): Promise<ChaosReport> {
  const { seed, orders, plan, workload, stack, clients, cloud, partners, report } = options;
  const startedAt = performance.now();
  const client = new PatientClient(stack.api_endpoint);
  const progress = new Progress(orders);
  const callFaults = new CallFaults(cloud, seed, plan.rates);
  const pacer = new Pacer(clients, stack);
  const tools = { stack, clients, cloud, partners, callFaults, pacer, progress, random: seededRandom(seed, 1) };
  const disturbances = new Disturbances(tools);
  const failures = new Failures(report);

  await failures.note('faults', () => callFaults.start());
  const [accepted] = await Promise.all([
    runClients(options, client, pacer, progress, failures),
    failures.note('disturbances', () => disturb(options, disturbances, progress)),
  ]);
  await failures.note('faults', async () => {
    await untilCaughtUp(options, Math.min(CATCH_UP.longestMs, orders * CATCH_UP.perOrderMs));
    await callFaults.stop();
  });

  report('faults are off');
  // First of all: what was missed is what later versions may be waiting for.
  await failures.note('replays', () => replayGaps(clients.events, stack, disturbances.gaps(), options.runName));
  report(`what rules missed was replayed from the archive, ${disturbances.gaps().length} times`);
  await failures.note('quiet', () => untilQuiet(options, failures.findings.length > 0 ? BROKEN_QUIET_MS : QUIET_MS));
  report('now judging');
  const verdict = await failures.note('judge', () => workload.judge(accepted));
  const left = await failures.note('queues', () => leftovers(clients, stack));
  const findings = [...failures.findings, ...(verdict?.findings ?? []), ...(left ?? [])];
  return {
    seed,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    repeats: client.repeats,
    totals: verdict?.totals ?? {},
    faults: { ...callFaults.counts(), ...disturbances.counts() },
    counts: countByKind(findings),
    findings,
  };
}

/** Once a client has given up, those at work go on and nobody else begins: what is down for him is down for all. */
async function runClients<Accepted>(
  { seed, orders, concurrency, workload, report }: ChaosOptions<Accepted>,
  client: PatientClient,
  pacer: Pacer,
  progress: Progress,
  failures: Failures,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < orders && !progress.ended) {
      const index = next++;
      await pacer.wait();
      await failures.note(`client ${index}`, async () => {
        try {
          accepted.push(await workload.run(index, client, seededRandom(seed, index + 2)));
          progress.add();
        } catch (error) {
          progress.end();
          throw error;
        }
      });
    }
  };
  const tell = setInterval(
    () => report(`${progress.done} of ${orders} orders, ${client.repeats} requests repeated`),
    TELL_MS,
  );
  const watching = pacer.watch();
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, orders) }, work));
  } finally {
    clearInterval(tell);
    pacer.stop();
    await watching;
  }
  return accepted;
}

/** One disturbance after the other, spread over the run. */
async function disturb(
  { plan, seed, report }: Pick<ChaosOptions<unknown>, 'plan' | 'seed' | 'report'>,
  disturbances: Disturbances,
  progress: Progress,
): Promise<void> {
  const kinds = seededRandom(seed).shuffled(plan.disturbances);
  for (const [index, kind] of kinds.entries()) {
    await progress.reached(Math.floor((progress.total * (index + 0.5)) / (kinds.length + 1)));
    if (progress.ended) return;
    const startedAt = performance.now();
    await disturbances.run(kind);
    report(`${kind}, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
}

async function leftovers({ sqs }: AwsClients, stack: Stack): Promise<Finding[]> {
  const { ready, underWay, setAside } = await new Queues(sqs, stack).backlog();
  if (ready + underWay + setAside === 0) return [];
  const detail = `${ready} messages to be received, ${underWay} under way, ${setAside} set aside`;
  return [{ kind: 'stuck', subject: 'queues', detail }];
}
