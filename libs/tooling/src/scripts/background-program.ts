import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interrupted, throwIfInterrupted } from './interruption.ts';
import { processCommand, processesWhere, stopProcess } from './processes.ts';
import { request } from './request.ts';
import { type Settings, UserError } from './settings.ts';
import { withoutStrays } from './shell-variables.ts';

const readyDeadlineMs = 60_000;
const pollMs = 100;
const shownLogLines = 30;

/** A program of this repository that a command leaves running: it listens on one port and keeps its state on disk. */
export interface BackgroundProgram {
  /** As the start of a sentence names it. */
  readonly title: string;
  /** `dist/apps/<app>/main.js` is its bundle. */
  readonly app: string;
  /** Its pid, its start and its log are in `<name>.pid`, `.json` and `.log`; the app's name unless given. */
  readonly name?: string;
  /** What it is started with, before its port and folder. */
  readonly args?: (settings: Settings) => readonly string[];
  /** Its environment, where that isn't this program's. */
  readonly environment?: (settings: Settings) => Readonly<Record<string, string | undefined>>;
  /** Files of the folder that it reads when it starts: it starts again when one changed. */
  readonly reads?: readonly string[];
  /** A GET of this returns 200 and `{"status":"ready"}` once it is. */
  readonly healthPath: string;
  /** What a user sets to have it listen elsewhere. */
  readonly portVariable: string;
  readonly port: (settings: Settings) => number;
  /** Writes down the port it is started on, so that the user needn't repeat it. */
  readonly rememberPort: (settings: Settings) => void;
}

/** One that runs: `sha256` is that of the bundle it was started from. */
export interface RunningProgram {
  readonly pid: number;
  readonly port: number;
  readonly sha256: string;
}

/** Where everything of a program is. */
export function programFiles(
  { app, name = app }: Pick<BackgroundProgram, 'app' | 'name'>,
  { root, localDirectory }: Settings,
) {
  return {
    bundle: join(root, 'dist', 'apps', app, 'main.js'),
    pid: join(localDirectory, `${name}.pid`),
    started: join(localDirectory, `${name}.json`),
    log: join(localDirectory, `${name}.log`),
  };
}

/**
 * Makes programs run from their current bundles on the wanted ports: starts each, restarts it when its bundle or port
 * changed (its state is on disk), or leaves it alone. Returns what it did with each, in words.
 * @throws UserError when another program has a port, or one of them doesn't get ready
 */
export async function ensurePrograms(
  programs: readonly BackgroundProgram[],
  settings: Settings,
  readyWithinMs = readyDeadlineMs,
): Promise<readonly string[]> {
  const starts: (() => Promise<string>)[] = [];
  // What is to start again ends before anything starts: one may want the port that another had.
  for (const program of programs) starts.push(await prepare(program, settings, readyWithinMs));
  const told: string[] = [];
  for (const start of starts) told.push(await start());
  return told;
}

/** Ends a program that can't stay as it is. Returns what starts it where that is needed. */
async function prepare(
  program: BackgroundProgram,
  settings: Settings,
  readyWithinMs: number,
): Promise<() => Promise<string>> {
  const { log } = programFiles(program, settings);
  const port = program.port(settings);
  const sha256 = await hashOf(program, settings);
  const running = await runningProgram(program, settings);
  if (running !== undefined) {
    if (running.sha256 === sha256 && running.port === port && (await unready(program, port)) === undefined) {
      return () => Promise.resolve(`already running on port ${port}`);
    }
    await stopProgram(program, settings);
  }
  return async () => {
    await refuseTakenPort(program, port);
    await mkdir(settings.localDirectory, { recursive: true });
    await start(program, settings, sha256, readyWithinMs);
    return `${running === undefined ? 'started' : 'restarted'} on port ${port}, log ${log}`;
  };
}

/** Of all that a program is started from. */
async function hashOf(program: BackgroundProgram, settings: Settings): Promise<string> {
  const { reads = [] } = program;
  const files = [programFiles(program, settings).bundle, ...reads.map((name) => join(settings.localDirectory, name))];
  const hash = createHash('sha256').update(JSON.stringify(program.args?.(settings) ?? []));
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}

/** The program that this clone started, if it still lives; also when somebody removed the file with its pid. */
export async function runningProgram(
  program: BackgroundProgram,
  settings: Settings,
): Promise<RunningProgram | undefined> {
  const files = programFiles(program, settings);
  // A pid may be another program's by now: ours names this clone's bundle, and ends with the folder. Other folders of the
  // clone, also folders in this one, have programs of their own.
  const isOwn = (command: string): boolean =>
    command.includes(files.bundle) && command.trimEnd().endsWith(`--directory ${settings.localDirectory}`);
  const noted = Number(await readOptional(files.pid));
  const command = noted ? await processCommand(noted) : '';
  const pid = isOwn(command) ? noted : (await processesWhere(isOwn))[0];
  if (pid === undefined) return undefined;
  const { port, sha256 } = parse((await readOptional(files.started)) ?? '');
  return { pid, port: port ?? program.port(settings), sha256: sha256 ?? '' };
}

/** What was noted of the start; nothing when a crash left the file empty. */
function parse(text: string): Partial<RunningProgram> {
  try {
    return JSON.parse(text) as Partial<RunningProgram>;
  } catch {
    return {};
  }
}

/** Stops a program and keeps its state. Returns whether there was one to stop. */
export async function stopProgram(program: BackgroundProgram, settings: Settings): Promise<boolean> {
  const running = await runningProgram(program, settings);
  if (running !== undefined) await stopProcess(running.pid);
  await rm(programFiles(program, settings).pid, { force: true });
  return running !== undefined;
}

async function start(
  program: BackgroundProgram,
  settings: Settings,
  sha256: string,
  readyWithinMs: number,
): Promise<void> {
  const files = programFiles(program, settings);
  const port = program.port(settings);
  const log = openSync(files.log, 'w');
  const args = [...(program.args?.(settings) ?? []), '--port', String(port), '--directory', settings.localDirectory];
  const environment = program.environment?.(settings) ?? withoutStrays(settings.environment);
  const child = spawn(process.execPath, [files.bundle, ...args], {
    cwd: settings.root,
    env: environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? `exit ${code}`}`));
  // At once: whoever comes after a kill of this process finds the program by it.
  writeFileSync(files.pid, `${child.pid}\n`);
  writeFileSync(files.started, JSON.stringify({ port, sha256 }));
  program.rememberPort(settings);
  const deadline = performance.now() + readyWithinMs;
  for (let why = await unready(program, port); why !== undefined; why = await unready(program, port)) {
    if (ended === undefined && performance.now() < deadline && !interrupted.aborted) {
      await delay(pollMs);
      continue;
    }
    if (interrupted.aborted) await stopProgram(program, settings);
    throwIfInterrupted();
    const reason = ended ?? `not ready within ${readyWithinMs / 1000} s (${why})`;
    await stopProgram(program, settings);
    const end = ((await readOptional(files.log)) ?? '').trimEnd().split('\n').slice(-shownLogLines).join('\n');
    throw new UserError(`${end}\n${program.title} did not start: ${reason}. Its log: ${files.log}`);
  }
  child.unref();
}

/** Why a program on `port` isn't ready; undefined when it is. */
async function unready({ healthPath }: BackgroundProgram, port: number): Promise<string | undefined> {
  const url = `http://127.0.0.1:${port}${healthPath}`;
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(2_000) });
    const text = await answer.text();
    const { status } = JSON.parse(text) as { status?: unknown };
    return answer.ok && status === 'ready' ? undefined : `GET ${url}: ${answer.status} ${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function refuseTakenPort({ portVariable }: BackgroundProgram, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          cause.code === 'EADDRINUSE'
            ? `Port ${port} is in use by another program. Choose another: make up ${portVariable}=${port + 1}`
            : `Port ${port} can't be opened on 127.0.0.1: ${cause.message}. Choose another with ${portVariable}`,
          { cause },
        ),
      ),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve()));
  });
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
