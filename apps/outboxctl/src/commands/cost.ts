import type { Command } from 'commander';
import { positive, wantsJson } from '@outbox/cli-kit';
import { costReport, renderCost } from '../cost/cost';
import { askedLoad, averageLoad, type LoadOptions } from '../load';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';

/** `cost`: what the deployed stack costs in a month, of a load that is asked for or of the last day's. */
export function addCostCommand(program: Command, context: CliContext): void {
  program
    .command('cost')
    .description('what a month costs, part by part: of the last day’s load, or of one that is asked for')
    .option('--events-per-second <n>', 'this load instead of the measured one', positive)
    .addOption(nowOption('the end of the last day'))
    .action(async (options: LoadOptions & { now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const load =
        askedLoad(options) ?? (await averageLoad(context.cloudwatch(), stack, timeNow(context, options.now)));
      const report = costReport(stack, load);
      context.print(wantsJson(command) ? JSON.stringify(report) : renderCost(report, context.style));
    });
}
