import { runProgram, styleFor } from '@outbox/cli-kit';
import type { CliContext } from '../commands/context';
import { OUTBOXCTL } from '../program';
import { ERROR_SHAPE, SHAPES } from '../shapes/shapes';

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
      input: () => undefined,
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
  if (argv.includes('--json')) checkShapes(argv, lines, errors);
  return { exitCode, out: lines.join('\n'), err: errors.join('\n'), progress: progress.join('\n') };
}

/** Whatever is printed under `--json` by a verb in any spec has the shape that is promised. */
function checkShapes(argv: readonly string[], lines: readonly string[], errors: readonly string[]): void {
  for (const error of errors) expect(ERROR_SHAPE.safeParse(JSON.parse(error)).error).toBeUndefined();
  if (argv.includes('--version')) return;
  const words = argv.filter((word) => !word.startsWith('-'));
  const shape = SHAPES[words.slice(0, 2).join(' ')] ?? SHAPES[words[0] ?? ''];
  // What it prints is the log that it got.
  if (words[0] === 'source-lines') return;
  for (const line of lines) expect(shape?.safeParse(JSON.parse(line))).toMatchObject({ success: true });
}
