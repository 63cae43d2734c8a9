import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDbLocalError, TableEngineError } from '@outbox/local-cloud-data';
import { check, CHECK_USAGE } from './check/command';
import { startLocalCloud, StartError, type LocalCloud } from './local-cloud';
import { lineLog } from './log';
import { partsWith } from './modules';
import { parseOptions, USAGE, UsageError, type Options } from './options';

/**
 * How the process ends: 0 stopped as asked, 1 could not start or broke, 2 wrong command line. `check` ends with 1 when a plan
 * holds what can't be run.
 */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs the local cloud until SIGTERM or SIGINT; resolves with the exit code when everything has stopped. `check PLAN.json`
 * looks at a plan instead.
 */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const [command, ...rest] = argv;
  const usage = command === 'check' ? CHECK_USAGE : USAGE;
  try {
    if (command === 'check') return check(rest, (text) => process.stdout.write(text));
    const options = parseOptions(argv, process.env);
    if (options.directory !== undefined) return await serve(options, options.directory);
    const directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
    try {
      return await serve(options, directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`local-cloud: ${error.message}\n${usage}\n`);
    else process.stderr.write(`local-cloud: ${isExpected(error) ? error.message : describe(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function serve(options: Options, directory: string): Promise<ExitCode> {
  const log = lineLog(options.logLevel, (line) => process.stderr.write(line), Date.now);
  const ended = untilSignalOrDefect(options.endWithStdin);
  const cloud = await startLocalCloud(
    { port: options.port, directory, fallback: options.fallback },
    partsWith(options.tables),
    log,
  );
  process.stdout.write(`${readyLine(cloud, directory, options.json)}\n`);
  const end = await ended;
  if (end.defect !== undefined) log('error', 'the local cloud broke and stops', { error: describe(end.defect) });
  await cloud.stop();
  return end.defect === undefined ? 0 : 1;
}

function readyLine({ origin, port }: LocalCloud, directory: string, json: boolean): string {
  const { pid } = process;
  if (json) return JSON.stringify({ ready: true, origin, port, pid, directory });
  return `local cloud ready at ${origin} (pid ${pid}, state in ${directory})`;
}

/** A defect nobody caught ends the engine like a signal does, so that its child processes end too; a second signal doesn't wait. */
function untilSignalOrDefect(endWithStdin: boolean): Promise<{ readonly defect?: unknown }> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve({});
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
    process.on('uncaughtException', (defect) => resolve({ defect }));
    process.on('unhandledRejection', (defect) => resolve({ defect }));
    if (endWithStdin) process.stdin.once('end', () => resolve({})).resume();
  });
}

/** What stands in the way is the user's to change, and the message says how: no stack. */
function isExpected(error: unknown): error is Error {
  return error instanceof StartError || error instanceof DynamoDbLocalError || error instanceof TableEngineError;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
