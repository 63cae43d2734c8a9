import type { Command } from 'commander';
import { progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId } from '../aggregate-id';
import { ACCEPT_REPEATS, Memories, repeatSentence, type Forgetful } from '../repeats';
import { Backlog } from '../reconcile/backlog';
import { FINDING_KINDS, isClean, type Finding } from '../reconcile/finding';
import { FindingGroups } from '../reconcile/groups';
import { reconcile, type ReconcileReport } from '../reconcile/reconcile';
import { renderFinding, renderGroups } from '../reconcile/render';
import { isRepairable, repairFinding, sweepUntilDone } from '../reconcile/repair';
import type { Segment } from '../reconcile/scan';
import type { Stack } from '../stack';
import { sweeperOf } from '../sweeping';
import type { CliContext } from './context';
import { countOption, nowOption, partOption, secondsOption, timeNow, timeOption, type TimeOf } from './options';

interface Options {
  readonly since?: TimeOf;
  readonly now?: TimeOf;
  readonly grace: number;
  readonly limit?: number;
  readonly part?: Segment;
  readonly repair?: boolean;
  readonly acceptRepeats?: boolean;
  readonly wait: number;
}

const LOOK_AGAIN_EVERY_MS = 1_000;
const EXAMPLES = 5;

/** `reconcile`: proves that nothing is lost, doubled or out of order, or says what is. Exit 1 if anything is. */
export function addReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('compare the outbox with every consumer; exit 1 if anything is lost, late, doubled or out of order')
    .addOption(timeOption('--since <time>', 'judge events committed since then only'))
    .addOption(nowOption('the time to judge by'))
    .option('--grace <seconds>', 'how long a published event may be under way before it is lost', secondsOption, 300)
    .option(
      '--limit <n>',
      `examples of each kind at each consumer, 0: all (${EXAMPLES}; all under --json)`,
      countOption,
    )
    .option('--part <i/n>', 'compare one of n parts of the tables, 1/n to n/n', partOption)
    .option('--repair', 'publish again what is lost, late or failed, then compare again')
    .option(ACCEPT_REPEATS, 'with --repair: also what `once` consumers may have done and forgotten, and would do again')
    .option('--wait <seconds>', 'with --repair: how long to wait until all is done', secondsOption, 120)
    .action(async (options: Options, command: Command) => {
      const stack = await context.stack(command);
      const now = timeNow(context, options.now);
      if ((options.since?.(now) ?? 0) > now) {
        throw new UsageError('--since is in the future', {
          hint: 'It takes a time before now, or before --now where that is given',
        });
      }
      const json = wantsJson(command);
      const list = listing(context, json, options.limit);
      const memories = new Memories(context, stack, now);
      const report = options.repair
        ? await context.protect((stop) => repair(context, stack, memories, options, list.show, stop))
        : await compare(context, stack, memories, options, list.show);
      list.end();
      context.print(json ? JSON.stringify(report) : summary(report, options.grace));
      if (!isClean(report.findings)) context.setExitCode(1);
    });
}

/** Prints findings: each as it is found where all are wanted, else some of each group at the end. */
function listing(context: CliContext, json: boolean, limit = json ? 0 : EXAMPLES) {
  const groups = new FindingGroups(limit);
  return {
    show: (finding: Finding): void => {
      const isExample = groups.add(finding);
      if (json && (isExample || limit === 0)) context.print(JSON.stringify(finding));
      else if (!json && limit === 0) context.print(renderFinding(finding));
    },
    end: (): void => {
      if (!json) for (const line of renderGroups(groups)) context.print(line);
    },
  };
}

type RepairReport = ReconcileReport & {
  readonly repaired?: number;
  /** Events that were not published again: a consumer could do them a second time. */
  readonly withheld?: number;
  readonly interrupted?: true;
};

/** Tells of each finding. */
type Found = (finding: Finding) => Promise<void> | void;

function compare(
  context: CliContext,
  stack: Stack,
  memories: Memories,
  { since, now: asked, grace, part }: Options,
  found: Found,
  stop?: AbortSignal,
): Promise<ReconcileReport> {
  const now = timeNow(context, asked);
  return reconcile({
    dynamodb: context.dynamodb(),
    stack,
    policy: { now, graceMs: grace * 1000, since: since?.(now) ?? 0 },
    backlog: new Backlog(context, stack, now),
    memories,
    found,
    progress: progressOf(context, (aggregates) => `${aggregates} aggregates compared …`),
    ...(part === undefined ? {} : { part }),
    ...(stop === undefined ? {} : { stop }),
  });
}

/**
 * Compares and repairs, then compares until all is done or the time to wait is over; returns the last comparison. Once
 * `stop` says so it repairs no further event: those repaired are due, and the sweeper's schedule publishes them.
 * @throws UsageError, before anything is repaired, when the stack doesn't name its sweeper
 */
async function repair(
  context: CliContext,
  stack: Stack,
  memories: Memories,
  options: Options,
  show: Found,
  stop: AbortSignal,
): Promise<RepairReport> {
  sweeperOf(stack);
  const table = { dynamodb: context.dynamodb(), tableName: stack.outbox_table_name };
  const now = timeNow(context, options.now);
  const repaired = new Set<string>();
  const withheld = new Set<string>();
  const mend: Found = async (finding) => {
    if (!isRepairable(finding)) return show(finding);
    const event = `${formatAggregateId(finding)} ${finding.sequence}`;
    const forgetful = options.acceptRepeats ? [] : await memories.forgetful(finding);
    if (forgetful.length > 0) {
      withheld.add(event);
      return show(leftAlone(finding, forgetful, now));
    }
    await show(finding);
    if (stop.aborted || repaired.has(event)) return;
    if (await repairFinding(table, finding, now)) repaired.add(event);
  };
  let report = await compare(context, stack, memories, options, mend, stop);
  const deadline = context.now() + options.wait * 1000;
  while (repaired.size > 0 && !stop.aborted) {
    // Each time anew: the index that the sweeper reads may not show yet what is due.
    await sweepUntilDone(context.lambda(), stack, now, stop);
    const next = await compare(context, stack, memories, options, () => undefined, stop);
    if (stop.aborted) break;
    report = next;
    if (isClean(report.findings) || context.now() >= deadline) break;
    await context.sleep(LOOK_AGAIN_EVERY_MS, stop);
  }
  if (stop.aborted) context.progress('interrupted: what was repaired is due, and the next sweep publishes it');
  return {
    ...report,
    repaired: repaired.size,
    ...(withheld.size > 0 ? { withheld: withheld.size } : {}),
    ...(stop.aborted ? { interrupted: true } : {}),
  };
}

function leftAlone(finding: Finding, forgetful: readonly Forgetful[], now: number): Finding {
  const why = repeatSentence(finding, forgetful, now);
  return {
    ...finding,
    detail: `${finding.detail}; not repaired: it ${why}`,
    couldRepeat: forgetful.map(({ consumer }) => consumer),
  };
}

function summary({ aggregates, skipped, events, findings, read, ...repair }: RepairReport, grace: number): string {
  const { repaired, withheld = 0, interrupted } = repair;
  const counts = FINDING_KINDS.map((kind) => `${findings[kind]} ${kind}`).join(', ');
  const mended =
    repaired === undefined
      ? ''
      : interrupted
        ? `interrupted: ${repaired} due again; of what was compared: `
        : `${repaired} published again; now `;
  const left = withheld === 0 ? '' : `${withheld} not published again (${ACCEPT_REPEATS} does it); `;
  const young = grace === 0 ? '' : `what is younger than ${grace} s has time yet; `;
  const old = skipped === 0 ? '' : `, ${skipped} of them without an event since then`;
  return `${left}${mended}${aggregates} aggregates${old}, ${events} events: ${counts} (${young}read ${read.items} items, ${read.capacityUnits} capacity units)`;
}
