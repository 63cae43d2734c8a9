import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interrupted, throwIfInterrupted } from './interruption.ts';
import { isAlive, processCommand, processesWhere, stopProcess } from './processes.ts';
import { request } from './request.ts';
import { portFile, type Settings, UserError } from './settings.ts';
import { withoutStrays } from './shell-variables.ts';

const readyDeadlineMs = 60_000;
const pollMs = 100;
const watchMs = 500;
const shownLogLines = 30;

/** The local cloud of this clone, if it runs: `sha256` is that of the bundle it was started from. */
export interface RunningLocalCloud {
  readonly pid: number;
  readonly port: number;
  readonly sha256: string;
}

const files = (settings: Settings) => ({
  bundle: join(settings.root, 'dist', 'apps', 'local-cloud', 'main.js'),
  pid: join(settings.localDirectory, 'local-cloud.pid'),
  started: join(settings.localDirectory, 'local-cloud.json'),
  log: join(settings.localDirectory, 'local-cloud.log'),
  port: portFile(settings.localDirectory),
});

/**
 * Makes the local cloud run from the current bundle on the wanted port: starts it, restarts it when its bundle or port
 * changed (its state is on disk), or leaves it alone. Returns what it did, in words.
 * @throws UserError when another program has the port, or the engine doesn't get ready
 */
export async function ensureLocalCloud(settings: Settings, readyWithinMs = readyDeadlineMs): Promise<string> {
  const path = files(settings);
  const sha256 = createHash('sha256')
    .update(await readFile(path.bundle))
    .digest('hex');
  const running = await runningLocalCloud(settings);
  if (running !== undefined) {
    if (running.sha256 === sha256 && running.port === settings.port && (await unready(settings.port)) === undefined) {
      return `already running on port ${settings.port}`;
    }
    await stopLocalCloud(settings);
  }
  await refuseTakenPort(settings.port);
  await mkdir(settings.localDirectory, { recursive: true });
  await start(settings, sha256, readyWithinMs);
  return `${running === undefined ? 'started' : 'restarted'} on port ${settings.port}, log ${path.log}`;
}

/** The engine this clone started, if it still lives; also when somebody removed the file with its pid. */
export async function runningLocalCloud(settings: Settings): Promise<RunningLocalCloud | undefined> {
  const path = files(settings);
  // A pid may be another program's by now: ours names this clone's bundle, and ends with the folder. Other folders of the
  // clone, also folders in this one, have engines of their own.
  const isOwn = (command: string): boolean =>
    command.includes(path.bundle) && command.trimEnd().endsWith(`--directory ${settings.localDirectory}`);
  const noted = Number(await readOptional(path.pid));
  const command = noted ? await processCommand(noted) : '';
  const pid = isOwn(command) ? noted : (await processesWhere(isOwn))[0];
  if (pid === undefined) return undefined;
  const { port, sha256 } = parse((await readOptional(path.started)) ?? '');
  return { pid, port: port ?? settings.port, sha256: sha256 ?? '' };
}

/** What was noted of the engine's start; nothing when a crash left the file empty. */
function parse(text: string): Partial<RunningLocalCloud> {
  try {
    return JSON.parse(text) as Partial<RunningLocalCloud>;
  } catch {
    return {};
  }
}

/** Stops the engine and keeps its state. Returns whether there was one to stop. */
export async function stopLocalCloud(settings: Settings): Promise<boolean> {
  const running = await runningLocalCloud(settings);
  if (running !== undefined) await stopProcess(running.pid);
  await rm(files(settings).pid, { force: true });
  return running !== undefined;
}

/**
 * Does `work` as long as the local cloud runs: whoever works on one that is gone would try again for minutes.
 * `work` must end when its signal is aborted, and throw the signal's reason: a UserError.
 */
export async function whileLocalCloudRuns<T>(settings: Settings, work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const running = await runningLocalCloud(settings);
  const ended = (engine: string): UserError =>
    new UserError(
      `${engine} has ended while Terraform worked on it; its log: ${files(settings).log}. make up starts it again and goes on.`,
    );
  if (running === undefined) throw ended('The local cloud');
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    if (!(await isAlive(running.pid))) controller.abort(ended(`The local cloud (pid ${running.pid})`));
  };
  const timer = setInterval(() => void look(), watchMs);
  try {
    return await work(controller.signal);
  } finally {
    clearInterval(timer);
  }
}

async function start(settings: Settings, sha256: string, readyWithinMs: number): Promise<void> {
  const path = files(settings);
  const log = openSync(path.log, 'w');
  const args = [path.bundle, '--port', String(settings.port), '--directory', settings.localDirectory];
  const child = spawn(process.execPath, args, {
    cwd: settings.root,
    env: withoutStrays(settings.environment) as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? `exit ${code}`}`));
  // At once: whoever comes after a kill of this process finds the engine by it.
  writeFileSync(path.pid, `${child.pid}\n`);
  writeFileSync(path.started, JSON.stringify({ port: settings.port, sha256 }));
  writeFileSync(path.port, `${settings.port}\n`);
  const deadline = performance.now() + readyWithinMs;
  for (let why = await unready(settings.port); why !== undefined; why = await unready(settings.port)) {
    if (ended === undefined && performance.now() < deadline && !interrupted.aborted) {
      await delay(pollMs);
      continue;
    }
    if (interrupted.aborted) await stopLocalCloud(settings);
    throwIfInterrupted();
    const reason = ended ?? `not ready within ${readyWithinMs / 1000} s (${why})`;
    await stopLocalCloud(settings);
    const end = ((await readOptional(path.log)) ?? '').trimEnd().split('\n').slice(-shownLogLines).join('\n');
    throw new UserError(`${end}\nThe local cloud did not start: ${reason}. Its log: ${path.log}`);
  }
  child.unref();
}

/** Why the engine on `port` isn't ready; undefined when it is. */
async function unready(port: number): Promise<string | undefined> {
  const url = `http://127.0.0.1:${port}/_local/health`;
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(2_000) });
    const text = await answer.text();
    const { status } = JSON.parse(text) as { status?: unknown };
    return answer.ok && status === 'ready' ? undefined : `GET ${url}: ${answer.status} ${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          cause.code === 'EADDRINUSE'
            ? `Port ${port} is in use by another program. Choose another: make up LOCAL_CLOUD_PORT=${port + 1}`
            : `Port ${port} can't be opened on 127.0.0.1: ${cause.message}. Choose another with LOCAL_CLOUD_PORT`,
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
