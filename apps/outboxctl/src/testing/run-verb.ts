import { runProgram, styleFor } from '@outbox/cli-kit';
import type { CliContext } from '../commands/context';
import { OUTBOXCTL } from '../program';

/** When specs' verbs run, unless they say otherwise. */
export const NOW = Date.UTC(2026, 0, 2);
/** Whose credentials specs' verbs have. */
export const ME = 'arn:aws:sts::000000000000:assumed-role/operator/me';

/** Runs one command line over a context that reaches nothing but what `parts` gives it; answers what a user sees. */
export async function runVerb(
  parts: Partial<CliContext> & Pick<CliContext, 'stack'>,
  argv: readonly string[],
): Promise<{ readonly exitCode: number; readonly out: string; readonly err: string; readonly progress: string }> {
  const lines: string[] = [];
  const errors: string[] = [];
  const progress: string[] = [];
  const none = (what: string) => (): never => {
    throw new Error(`the spec has no ${what}`);
  };
  const exitCode = await runProgram(
    OUTBOXCTL,
    argv,
    {
      dynamodb: none('DynamoDB'),
      lambda: none('Lambda'),
      sqs: none('SQS'),
      cloudwatch: none('CloudWatch'),
      eventbridge: none('EventBridge'),
      apigateway: none('API Gateway'),
      pipes: none('Pipes'),
      streams: none('streams'),
      root: '/nowhere',
      environment: {},
      caller: () => Promise.resolve(ME),
      now: () => NOW,
      sleep: () => Promise.resolve(),
      protect: (work) => work(new AbortController().signal),
      print: (text) => void lines.push(text),
      progress: (text) => void progress.push(text),
      style: styleFor({}, {}),
      setExitCode: () => undefined,
      ...parts,
    },
    { version: '1.2.3', environment: {}, complain: (text) => void errors.push(text) },
  );
  return { exitCode, out: lines.join('\n'), err: errors.join('\n'), progress: progress.join('\n') };
}
