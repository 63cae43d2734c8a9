import type { Command } from 'commander';
import { costReport, renderCost } from '../cost/cost';
import { askedLoad, averageLoad, positive, type LoadOptions } from '../load';
import { wantsJson, type CliContext } from './context';
import { timeOption } from './options';

/** `cost`: what the deployed stack costs in a month, of a load that is asked for or of the last day's. */
export function addCostCommand(program: Command, context: CliContext): void {
  program
    .command('cost')
    .description('what a month costs, part by part: of the last day’s load, or of one that is asked for')
    .option('--orders-per-second <n>', 'this load instead of the measured one', positive)
    .option('--events-per-order <n>', 'with it: one for placing an order, one for each change', positive, 1)
    .option(
      '--now <time>',
      'the end of the last day, e.g. of a local cloud whose clock was moved (ISO 8601)',
      timeOption,
    )
    .action(async (options: LoadOptions & { now?: number }, command: Command) => {
      const stack = await context.stack(command);
      const load = askedLoad(options) ?? (await averageLoad(context.cloudwatch(), stack, options.now ?? context.now()));
      const report = costReport(stack, load);
      context.print(wantsJson(command) ? JSON.stringify(report) : renderCost(report, context.style));
    });
}
