import { InvalidArgumentError, type Command } from 'commander';
import { FINDING_KINDS, type Finding } from '../reconcile/finding';
import { reconcile, type ReconcileReport } from '../reconcile/reconcile';
import { wantsJson, type CliContext } from './context';

interface Options {
  readonly since?: number;
  readonly grace: number;
}

const PROGRESS_EVERY_MS = 2_000;

/** `reconcile`: proves that nothing is lost, doubled or out of order, or says what is. Exit 1 if anything is. */
export function addReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('compare orders, outbox and every consumer; exit 1 if anything is lost, late, doubled or out of order')
    .option('--since <time>', 'judge events committed since then only (ISO 8601)', time)
    .option('--grace <seconds>', 'how long a published event may be under way before it is lost', seconds, 300)
    .action(async (options: Options, command: Command) => {
      const json = wantsJson(command);
      const show = (finding: Finding): void => context.print(json ? JSON.stringify(finding) : sentence(finding));
      const report = await reconcile({
        dynamodb: context.dynamodb(),
        stack: await context.stack(command),
        policy: { now: context.now(), graceMs: options.grace * 1000, since: options.since ?? 0 },
        found: show,
        progress: progressOf(context),
      });
      context.print(json ? JSON.stringify(report) : summary(report));
      if (FINDING_KINDS.some((kind) => report.findings[kind] > 0)) context.setExitCode(1);
    });
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

function summary({ orders, events, findings, read }: ReconcileReport): string {
  const counts = FINDING_KINDS.map((kind) => `${findings[kind]} ${kind}`).join(', ');
  return `${orders} orders, ${events} events: ${counts} (read ${read.items} items, ${read.capacityUnits} capacity units)`;
}

function time(text: string): number {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('takes a time such as 2026-01-31T00:00:00Z.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('takes a number of seconds.');
  return value;
}
