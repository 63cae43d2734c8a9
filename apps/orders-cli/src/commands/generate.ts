import { positive, progressOf, wantsJson, wholeNumber } from '@outbox/cli-kit';
import type { Command } from 'commander';
import type { OrdersContext } from '../context';
import { generateLoad, type LoadReport } from '../load';
import { clientOf } from './client';

interface Options {
  readonly count: number;
  readonly perSecond?: number;
  readonly atOnce: number;
}

/** `generate`: a load on a stack, to see its dashboard, alarms and limits at work. Exit 1 if a request is refused. */
export function addGenerateCommand(program: Command, context: OrdersContext): void {
  program
    .command('generate')
    .description('place many orders and confirm every second one; exit 1 if any request is refused')
    .option('--count <orders>', 'how many orders', wholeNumber, 100)
    .option('--per-second <orders>', 'new orders in a second (as fast as they are answered unless given)', positive)
    .option('--at-once <requests>', 'requests under way at a time', wholeNumber, 8)
    .action(async ({ count, perSecond, atOnce }: Options, command: Command) => {
      const client = await clientOf(context, command);
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

function summary({ placed, confirmed, repeated, overtaken, refused, firstRefusal, seconds }: LoadReport): string {
  const pace = seconds > 0 ? `, ${(placed / seconds).toFixed(1)} a second` : '';
  const why = firstRefusal === undefined ? '' : `\nthe first refusal: ${firstRefusal}`;
  const faster = overtaken === 0 ? '' : `, ${overtaken} changed by a consumer before that`;
  return `${placed} orders placed and ${confirmed} confirmed${faster} in ${seconds.toFixed(1)} s${pace}; ${repeated} requests repeated, ${refused} refused${why}`;
}
