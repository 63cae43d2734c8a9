import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { endProgram, exitCodeOf, programEnded, programStarted, throwIfInterrupted } from './interruption.ts';
import { UserError } from './settings.ts';

export interface CommandOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File that gets everything the command prints. */
  readonly log: string;
  /** Called for each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Exit codes that are an answer rather than a failure; default only 0. */
  readonly accept?: readonly number[];
  /** Ends the program as a signal to this process does; its reason is thrown. */
  readonly abort?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

const shownLines = 40;

/**
 * Runs a program without a shell, quietly: its output goes to `log`. It is read until the program and all it started have
 * ended: a program that still printed something while it writes its state would die of a closed pipe.
 * @throws UserError with the end of the output when it can't be started or exits otherwise than accepted
 * @throws InterruptedError when a signal ended this process meanwhile: the program has ended then
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log, { fd: openSync(options.log, 'w') });
  const everything: string[] = [];
  const stdout: string[] = [];
  const { exitCode } = await run(program, args, options, ['ignore', 'pipe', 'pipe'], (child) => {
    const keep = (line: string): void => {
      everything.push(line);
      log.write(`${line}\n`);
    };
    if (child.stderr) createInterface({ input: child.stderr }).on('line', keep);
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout.push(line);
      keep(line);
      options.onLine?.(line);
    });
  }).finally(() => log.end());
  if (!(options.accept ?? [0]).includes(exitCode)) {
    const end = everything.slice(-shownLines).join('\n');
    throw new UserError(
      `${end}\n${program} ${args.join(' ')} failed (exit ${exitCode}). Everything it printed: ${options.log}`,
    );
  }
  return { exitCode, stdout: stdout.join('\n'), output: everything.join('\n') };
}

/**
 * Runs a program on this terminal, its input and output going straight through. Returns the exit code.
 * @throws UserError when it can't be started
 * @throws InterruptedError when a signal ended this process meanwhile: the program has ended then
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'cwd' | 'environment'>,
): Promise<number> {
  const { exitCode, signal } = await run(program, args, options, 'inherit');
  if (signal !== null) console.error(`${program} was ended by ${signal}`);
  return exitCode;
}

interface Ended {
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Every program leads a session, and so a process group, of its own: Ctrl-C in the terminal reaches only this process,
 * which decides what it means for the program. The program may read from the terminal all the same.
 */
async function run(
  program: string,
  args: readonly string[],
  { cwd, environment, abort }: Pick<CommandOptions, 'cwd' | 'environment' | 'abort'>,
  stdio: StdioOptions,
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const throwIfEnding = (): void => {
    throwIfInterrupted();
    abort?.throwIfAborted();
  };
  throwIfEnding();
  const child = spawn(program, args, { cwd, env: environment as NodeJS.ProcessEnv, stdio, detached: true });
  const closed = new Promise<Ended>((resolve, reject) => {
    child.on('error', (cause) => reject(new UserError(`cannot run ${program}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) =>
      resolve({ exitCode: signal === null ? (code ?? 1) : exitCodeOf(signal), signal }),
    );
  });
  if (child.pid === undefined) return closed;
  const running = { name: basename(program), pid: child.pid };
  const end = (): void => endProgram(running);
  programStarted(running);
  abort?.addEventListener('abort', end);
  onStart(child);
  const ended = await closed;
  abort?.removeEventListener('abort', end);
  await programEnded(running);
  throwIfEnding();
  return ended;
}
