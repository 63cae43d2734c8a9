import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { byReason } from '../../dead-letters/dead-letter';
import { DeadLetterQueue } from '../../dead-letters/dead-letter-queue';
import { lookAt } from '../../dead-letters/look';
import { deadLetterSources, type DeadLetterSource } from '../../dead-letters/source';
import type { QueueDepth } from '../../queue';
import type { CliContext } from '../context';
import { portsOf } from './open';

/** What one queue holds; `reasons` of those that could be received. */
interface Listed extends QueueDepth, Pick<DeadLetterSource, 'kind'> {
  readonly queue: string;
  readonly reasons?: Readonly<Record<string, number>>;
}

/** `dlq list`: how many dead letters there are of what. Exit 1 if any. */
export function addListCommand(dlq: Command, context: CliContext): void {
  dlq
    .command('list')
    .description('how many dead letters each queue has, and of what they died; exit 1 if any')
    .option('--no-reasons', 'count only: receive no message')
    .action(async ({ reasons }: { reasons: boolean }, command: Command) => {
      const sources = deadLetterSources(await context.stack(command));
      const listed = await context.protect((stop) =>
        Promise.all(sources.map((source) => list(context, source, reasons, stop))),
      );
      if (wantsJson(command)) context.print(JSON.stringify(listed));
      else {
        const width = Math.max(0, ...listed.map(({ queue }) => queue.length));
        for (const each of listed) context.print(`${each.queue.padEnd(width)}  ${sentence(each)}`);
      }
      if (listed.some(({ waiting, underWay }) => waiting + underWay > 0)) context.setExitCode(1);
    });
}

async function list(
  context: CliContext,
  { name, kind, dlqUrl }: DeadLetterSource,
  wantsReasons: boolean,
  stop: AbortSignal,
): Promise<Listed> {
  const queue = new DeadLetterQueue(context.sqs(), dlqUrl);
  const depth = await queue.depth();
  if (!wantsReasons || depth.waiting === 0) return { queue: name, kind, ...depth };
  const counts = new Map<string, number>();
  await lookAt(queue, portsOf(context, stop), (letters) => {
    for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  });
  return { queue: name, kind, ...depth, reasons: Object.fromEntries(counts) };
}

function sentence({ waiting, underWay, reasons = {} }: Listed): string {
  const why = byReason(new Map(Object.entries(reasons)));
  return [
    waiting === 0 ? 'none' : `${waiting} dead`,
    ...(why === '' ? [] : [`: ${why}`]),
    ...(underWay === 0 ? [] : [`, ${underWay} received by somebody`]),
  ].join('');
}
