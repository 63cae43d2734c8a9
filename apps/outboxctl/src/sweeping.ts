import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '@outbox/cli-kit';
import type { Stack } from './stack';

/** The sweeper ran and failed; its own words are the evidence. Exit code 1. */
export class SweepFailed extends Error {
  override readonly name = 'SweepFailed';
}

/** A stack's sweeper in the version that its schedule runs, by function and alias. */
interface Sweeper {
  readonly name: string;
  readonly alias: string;
}

/** @throws UsageError when the stack has none, or doesn't say which version its schedule runs */
export function sweeperOf({ sweeper_function_name: name, sweeper_alias: alias }: Stack): Sweeper {
  if (name !== undefined && alias !== undefined) return { name, alias };
  const missing = name === undefined ? 'sweeper_function_name' : 'sweeper_alias';
  throw new UsageError(`the stack has no output ${missing}: apply it first`);
}

/**
 * One run of the stack's sweeper, in the version that its schedule runs, that decides by `now` (epoch milliseconds);
 * answers its report.
 * @throws UsageError as `sweeperOf`, SweepFailed when the run failed
 */
export async function runSweeper(lambda: LambdaClient, stack: Stack, now: number): Promise<Record<string, unknown>> {
  const { name, alias } = sweeperOf(stack);
  const input = { now: new Date(now).toISOString() };
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Qualifier: alias, Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const payload = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new SweepFailed(`${name} failed: ${payload}`);
  return JSON.parse(payload) as Record<string, unknown>;
}
