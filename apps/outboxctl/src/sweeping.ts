import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '@outbox/cli-kit';
import type { Stack } from './stack';

/** The sweeper ran and failed; its own words are the evidence. Exit code 1. */
export class SweepFailed extends Error {
  override readonly name = 'SweepFailed';
}

/**
 * One run of the stack's sweeper, in the version that its schedule runs, that decides by `now` (epoch milliseconds);
 * answers its report.
 * @throws UsageError when the stack has none, SweepFailed when the run failed
 */
export async function runSweeper(lambda: LambdaClient, stack: Stack, now: number): Promise<Record<string, unknown>> {
  const { sweeper_function_name: sweeper, sweeper_alias: alias } = stack;
  if (sweeper === undefined || alias === undefined) {
    const missing = sweeper === undefined ? 'sweeper_function_name' : 'sweeper_alias';
    throw new UsageError(`the stack has no output ${missing}: deploy the sweeper first`);
  }
  const input = { now: new Date(now).toISOString() };
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: sweeper, Qualifier: alias, Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const payload = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new SweepFailed(`${sweeper} failed: ${payload}`);
  return JSON.parse(payload) as Record<string, unknown>;
}
