import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
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
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

const shownLines = 40;

/**
 * Runs a program without a shell, quietly: its output goes to `log`.
 * @throws UserError with the end of the output when it can't be started or exits otherwise than accepted
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  await mkdir(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const everything: string[] = [];
  const stdout: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line);
    everything.push(line);
    log.write(`${line}\n`);
    options.onLine?.(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    everything.push(line);
    log.write(`${line}\n`);
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', (cause) => reject(new UserError(`cannot run ${program}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
  log.end();
  if (!(options.accept ?? [0]).includes(exitCode)) {
    const end = everything.slice(-shownLines).join('\n');
    throw new UserError(
      `${end}\n${program} ${args.join(' ')} failed (exit ${exitCode}). Everything it printed: ${options.log}`,
    );
  }
  return { exitCode, stdout: stdout.join('\n'), output: everything.join('\n') };
}

/**
 * Runs a program on this terminal, its output going straight through. Answers the exit code. Whoever ends this process
 * ends the program first, so that what tidies up after it (stopping a local cloud) is still done.
 * @throws UserError when it can't be started, or was interrupted
 */
export function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'cwd' | 'environment'>,
): Promise<number> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.environment as NodeJS.ProcessEnv,
    stdio: 'inherit',
  });
  let interruptedBy: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    interruptedBy = signal;
    // Ctrl-C the terminal sends to the program itself.
    if (signal !== 'SIGINT') child.kill(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return new Promise<number>((resolve, reject) => {
    child.on('error', (cause) => reject(new UserError(`cannot run ${program}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => {
      if (interruptedBy !== undefined) {
        reject(new UserError(`ended by ${interruptedBy}`));
        return;
      }
      if (signal !== null) console.error(`${program} was ended by ${signal}`);
      resolve(code ?? 1);
    });
  }).finally(() => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  });
}
