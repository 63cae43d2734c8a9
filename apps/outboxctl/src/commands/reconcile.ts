import type { Command } from 'commander';
import { FINDING_KINDS, type Finding } from '../reconcile/finding';
import { reconcile, type ReconcileReport } from '../reconcile/reconcile';
import { repairFinding, sweepUntilDone } from '../reconcile/repair';
import type { Stack } from '../stack';
import { wantsJson, type CliContext } from './context';
import { secondsOption, timeOption } from './options';

interface Options {
  readonly since?: number;
  readonly now?: number;
  readonly grace: number;
  readonly repair?: boolean;
  readonly wait: number;
}

const PROGRESS_EVERY_MS = 2_000;
const LOOK_AGAIN_EVERY_MS = 1_000;

/** `reconcile`: proves that nothing is lost, doubled or out of order, or says what is. Exit 1 if anything is. */
export function addReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('compare orders, outbox and every consumer; exit 1 if anything is lost, late, doubled or out of order')
    .option('--since <time>', 'judge events committed since then only (ISO 8601)', timeOption)
    .option('--now <time>', 'the time to judge by, e.g. of a local cloud whose clock was moved (ISO 8601)', timeOption)
    .option('--grace <seconds>', 'how long a published event may be under way before it is lost', secondsOption, 300)
    .option('--repair', 'publish again what is lost, late or failed, then compare again')
    .option('--wait <seconds>', 'with --repair: how long to wait until all is done', secondsOption, 120)
    .action(async (options: Options, command: Command) => {
      const stack = await context.stack(command);
      const json = wantsJson(command);
      const show = (finding: Finding): void => context.print(json ? JSON.stringify(finding) : sentence(finding));
      const report = options.repair
        ? await repair(context, stack, options, show)
        : await compare(context, stack, options, show);
      context.print(json ? JSON.stringify(report) : summary(report));
      if (!isClean(report)) context.setExitCode(1);
    });
}

type RepairReport = ReconcileReport & { readonly repaired?: number };

function compare(
  context: CliContext,
  stack: Stack,
  { since = 0, now = context.now(), grace }: Options,
  found: (finding: Finding) => Promise<void> | void,
): Promise<ReconcileReport> {
  return reconcile({
    dynamodb: context.dynamodb(),
    stack,
    policy: { now, graceMs: grace * 1000, since },
    found,
    progress: progressOf(context),
  });
}

/** Compares and repairs, then compares until all is done or the time to wait is over; answers the last comparison. */
async function repair(
  context: CliContext,
  stack: Stack,
  options: Options,
  show: (finding: Finding) => void,
): Promise<RepairReport> {
  const table = { dynamodb: context.dynamodb(), tableName: stack.orders_table_name };
  const now = options.now ?? context.now();
  const repaired = new Set<string>();
  let report = await compare(context, stack, options, async (finding) => {
    show(finding);
    const event = `${finding.orderId} ${finding.version}`;
    if (repaired.has(event)) return;
    if (await repairFinding(table, finding, now)) repaired.add(event);
  });
  if (repaired.size === 0) return { ...report, repaired: 0 };
  const deadline = context.now() + options.wait * 1000;
  for (;;) {
    // Each time anew: the index that the sweeper reads may not show yet what is due.
    await sweepUntilDone(context.lambda(), stack, now);
    report = await compare(context, stack, options, () => undefined);
    if (isClean(report) || context.now() >= deadline) return { ...report, repaired: repaired.size };
    await context.sleep(LOOK_AGAIN_EVERY_MS);
  }
}

function isClean({ findings }: ReconcileReport): boolean {
  return FINDING_KINDS.every((kind) => findings[kind] === 0);
}

function progressOf(context: CliContext): (orders: number) => void {
  let next = context.now() + PROGRESS_EVERY_MS;
  return (orders) => {
    if (context.now() < next) return;
    next = context.now() + PROGRESS_EVERY_MS;
    context.progress(`${orders} orders compared …`);
  };
}

function sentence({ kind, orderId, version, consumer, detail }: Finding): string {
  return `${kind}: order ${orderId} version ${version}${consumer === undefined ? '' : ` at ${consumer}`}: ${detail}`;
}

function summary({ orders, events, findings, read, repaired }: RepairReport): string {
  const counts = FINDING_KINDS.map((kind) => `${findings[kind]} ${kind}`).join(', ');
  const mended = repaired === undefined ? '' : `${repaired} published again; now `;
  return `${mended}${orders} orders, ${events} events: ${counts} (read ${read.items} items, ${read.capacityUnits} capacity units)`;
}
