import { InvalidArgumentError, type Command } from 'commander';
import { generateLoad, type LoadReport } from '../generate/generate';
import { positive } from '../load';
import type { OrdersClient } from '../orders-client';
import { progressOf, wantsJson, type CliContext } from './context';

interface Options {
  readonly count: number;
  readonly perSecond?: number;
  readonly atOnce: number;
}

/** `order generate`: a load on a stack, to see its dashboard, alarms and limits at work. Exit 1 if a request is refused. */
export function addGenerateCommand(
  order: Command,
  context: CliContext,
  clientOf: (command: Command) => Promise<OrdersClient>,
): void {
  order
    .command('generate')
    .description('place many orders and confirm every second one; exit 1 if any request is refused')
    .option('--count <orders>', 'how many orders', wholeNumber, 100)
    .option('--per-second <orders>', 'new orders in a second (as fast as they are answered unless given)', positive)
    .option('--at-once <requests>', 'requests under way at a time', wholeNumber, 8)
    .action(async ({ count, perSecond, atOnce }: Options, command: Command) => {
      const client = await clientOf(command);
      const load = { orders: count, atOnce, ...(perSecond === undefined ? {} : { perSecond }) };
      const progress = progressOf(context, (orders) => `${orders} of ${count} orders …`);
      const { newKey, now, sleep } = context;
      const report = await context.protect((stop) =>
        generateLoad(load, { client, newKey, now, sleep, progress, stop }),
      );
      context.print(wantsJson(command) ? JSON.stringify(report) : summary(report));
      if (report.refused > 0) context.setExitCode(1);
    });
}

function summary({ placed, confirmed, repeated, refused, firstRefusal, seconds }: LoadReport): string {
  const pace = seconds > 0 ? `, ${(placed / seconds).toFixed(1)} a second` : '';
  const why = firstRefusal === undefined ? '' : `\nthe first refusal: ${firstRefusal}`;
  return `${placed} orders placed and ${confirmed} confirmed in ${seconds.toFixed(1)} s${pace}; ${repeated} requests repeated, ${refused} refused${why}`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number from 1.');
  return value;
}
