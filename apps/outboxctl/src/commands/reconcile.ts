import type { Command } from 'commander';
import { progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId } from '../aggregate-id';
import { FINDING_KINDS, type Finding } from '../reconcile/finding';
import { reconcile, type ReconcileReport } from '../reconcile/reconcile';
import { repairFinding, sweepUntilDone } from '../reconcile/repair';
import type { Stack } from '../stack';
import type { CliContext } from './context';
import { secondsOption, nowOption, timeNow, timeOption, type TimeOf } from './options';

interface Options {
  readonly since?: TimeOf;
  readonly now?: TimeOf;
  readonly grace: number;
  readonly repair?: boolean;
  readonly wait: number;
}

const LOOK_AGAIN_EVERY_MS = 1_000;

/** `reconcile`: proves that nothing is lost, doubled or out of order, or says what is. Exit 1 if anything is. */
export function addReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('compare the outbox with every consumer; exit 1 if anything is lost, late, doubled or out of order')
    .addOption(timeOption('--since <time>', 'judge events committed since then only'))
    .addOption(nowOption('the time to judge by'))
    .option('--grace <seconds>', 'how long a published event may be under way before it is lost', secondsOption, 300)
    .option('--repair', 'publish again what is lost, late or failed, then compare again')
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
      const show = (finding: Finding): void => context.print(json ? JSON.stringify(finding) : sentence(finding));
      const report = options.repair
        ? await context.protect((stop) => repair(context, stack, options, show, stop))
        : await compare(context, stack, options, show);
      context.print(json ? JSON.stringify(report) : summary(report));
      if (!isClean(report)) context.setExitCode(1);
    });
}

type RepairReport = ReconcileReport & { readonly repaired?: number; readonly interrupted?: true };

/** Tells of each finding. */
type Found = (finding: Finding) => Promise<void> | void;

function compare(
  context: CliContext,
  stack: Stack,
  { since, now: asked, grace }: Options,
  found: Found,
  stop?: AbortSignal,
): Promise<ReconcileReport> {
  const now = timeNow(context, asked);
  return reconcile({
    dynamodb: context.dynamodb(),
    stack,
    policy: { now, graceMs: grace * 1000, since: since?.(now) ?? 0 },
    found,
    progress: progressOf(context, (aggregates) => `${aggregates} aggregates compared …`),
    ...(stop === undefined ? {} : { stop }),
  });
}

/**
 * Compares and repairs, then compares until all is done or the time to wait is over; returns the last comparison. Once
 * `stop` says so it repairs no further event: those repaired are due, and the sweeper's schedule publishes them.
 */
async function repair(
  context: CliContext,
  stack: Stack,
  options: Options,
  show: Found,
  stop: AbortSignal,
): Promise<RepairReport> {
  const table = { dynamodb: context.dynamodb(), tableName: stack.outbox_table_name };
  const now = timeNow(context, options.now);
  const repaired = new Set<string>();
  const mend: Found = async (finding) => {
    await show(finding);
    const event = `${formatAggregateId(finding)} ${finding.sequence}`;
    if (stop.aborted || repaired.has(event)) return;
    if (await repairFinding(table, finding, now)) repaired.add(event);
  };
  let report = await compare(context, stack, options, mend, stop);
  const deadline = context.now() + options.wait * 1000;
  while (repaired.size > 0 && !stop.aborted) {
    // Each time anew: the index that the sweeper reads may not show yet what is due.
    await sweepUntilDone(context.lambda(), stack, now, stop);
    const next = await compare(context, stack, options, () => undefined, stop);
    if (stop.aborted) break;
    report = next;
    if (isClean(report) || context.now() >= deadline) break;
    await context.sleep(LOOK_AGAIN_EVERY_MS, stop);
  }
  if (stop.aborted) context.progress('interrupted: what was repaired is due, and the next sweep publishes it');
  return { ...report, repaired: repaired.size, ...(stop.aborted ? { interrupted: true } : {}) };
}

function isClean({ findings }: ReconcileReport): boolean {
  return FINDING_KINDS.every((kind) => findings[kind] === 0);
}

function sentence({ kind, sequence, consumer, detail, ...about }: Finding): string {
  const event = sequence === undefined ? '' : ` event ${sequence}`;
  return `${kind}: ${formatAggregateId(about)}${event}${consumer === undefined ? '' : ` at ${consumer}`}: ${detail}`;
}

function summary({ aggregates, events, findings, read, repaired, interrupted }: RepairReport): string {
  const counts = FINDING_KINDS.map((kind) => `${findings[kind]} ${kind}`).join(', ');
  const mended =
    repaired === undefined
      ? ''
      : interrupted
        ? `interrupted: ${repaired} due again; of what was compared: `
        : `${repaired} published again; now `;
  return `${mended}${aggregates} aggregates, ${events} events: ${counts} (read ${read.items} items, ${read.capacityUnits} capacity units)`;
}
