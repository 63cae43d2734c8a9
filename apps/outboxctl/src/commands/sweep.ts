import { InvokeCommand } from '@aws-sdk/client-lambda';
import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../errors';
import { wantsJson, type CliContext } from './context';

/** The sweeper ran and failed; its own words are the evidence. Exit code 1. */
export class SweepFailed extends Error {
  override readonly name = 'SweepFailed';
}

/** `sweep`: one run of the sweeper now, besides those of its schedule. */
export function addSweepCommand(program: Command, context: CliContext): void {
  program
    .command('sweep')
    .description('publish again what is due and still unpublished, without waiting for the schedule')
    .option('--now <time>', 'the time to decide by, e.g. of a local cloud whose clock was moved (ISO 8601)', time)
    .action(async (options: { now?: number }, command: Command) => {
      const { sweeper_function_name: sweeper } = await context.stack(command);
      if (sweeper === undefined) {
        throw new UsageError('the stack has no output sweeper_function_name: deploy the sweeper first');
      }
      const now = new Date(options.now ?? context.now()).toISOString();
      const answer = await context
        .lambda()
        .send(new InvokeCommand({ FunctionName: sweeper, Payload: Buffer.from(JSON.stringify({ now })) }));
      const payload = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) throw new SweepFailed(`${sweeper} failed: ${payload}`);
      context.print(wantsJson(command) ? payload : summary(JSON.parse(payload) as Record<string, unknown>));
    });
}

function summary(report: Readonly<Record<string, unknown>>): string {
  return Object.entries(report)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function time(text: string): number {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('takes a time such as 2026-01-31T00:00:00Z.');
  return value;
}
