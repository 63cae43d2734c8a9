import type { Command } from 'commander';
import { positive, UsageError, wantsJson } from '@outbox/cli-kit';
import { readDurations } from '../capacity/durations';
import { limitsOf } from '../capacity/limits';
import { capacityReport, renderCapacity } from '../capacity/report';
import { readSettings } from '../capacity/settings';
import { askedLoad, peakLoad, type LoadOptions } from '../load';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';

/** `capacity`: which quota or setting binds first, at a load that is asked for or the last day's busiest minute. */
export function addCapacityCommand(program: Command, context: CliContext): void {
  program
    .command('capacity')
    .description('which quota or setting binds first; exit 1 if the load is more than the stack takes')
    .option('--events-per-second <n>', 'this load instead of the busiest minute of the last day', positive)
    .option('--region <name>', 'whose quotas; the stack’s own unless given')
    .addOption(nowOption('the end of the last day'))
    .action(async (options: LoadOptions & { region?: string; now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const now = timeNow(context, options.now);
      const cloudwatch = context.cloudwatch();
      const region = options.region ?? stack.api_authorization?.region;
      if (region === undefined) throw new UsageError('the stack does not tell its region: give --region');
      const load = askedLoad(options) ?? (await peakLoad(cloudwatch, stack, now));
      if (load.eventsPerSecond === 0) {
        throw new UsageError('nothing was relayed in the last day: give --events-per-second');
      }
      const [settings, durations] = await Promise.all([
        readSettings(
          {
            apigateway: context.apigateway(),
            dynamodb: context.dynamodb(),
            streams: context.streams(),
            lambda: context.lambda(),
            pipes: context.pipes(),
            sqs: context.sqs(),
          },
          stack,
        ),
        readDurations(cloudwatch, stack, now),
      ]);
      const consumers = Object.keys(stack.consumers);
      const { eventsPerSecond } = load;
      const report = capacityReport(load, limitsOf({ eventsPerSecond, region, consumers, settings, durations }));
      context.print(wantsJson(command) ? JSON.stringify(report) : renderCapacity(report, context.style));
      if (!report.fits) context.setExitCode(1);
    });
}
