import { writeFileSync } from 'node:fs';
import {
  type BackgroundProgram,
  ensurePrograms,
  programFiles,
  type RunningProgram,
  runningProgram,
  stopProgram,
} from './background-program.ts';
import { isAlive } from './processes.ts';
import { portFile, type Settings, UserError } from './settings.ts';

const watchMs = 500;

/** The engine: AWS on this machine. */
export const localCloud: BackgroundProgram = {
  title: 'The local cloud',
  app: 'local-cloud',
  healthPath: '/_local/health',
  portVariable: 'LOCAL_CLOUD_PORT',
  port: ({ port }) => port,
  rememberPort: ({ localDirectory, port }) => writeFileSync(portFile(localDirectory), `${port}\n`),
};

/**
 * Makes the engine run, and nothing beside it. Returns what it did, in words.
 * @throws UserError when another program has the port, or the engine doesn't get ready
 */
export async function ensureLocalCloud(settings: Settings, readyWithinMs?: number): Promise<string> {
  return (await ensurePrograms([localCloud], settings, readyWithinMs)).join('');
}

/** The engine this clone started, if it still lives. */
export function runningLocalCloud(settings: Settings): Promise<RunningProgram | undefined> {
  return runningProgram(localCloud, settings);
}

/** Stops the engine and keeps its state. Returns whether there was one to stop. */
export function stopLocalCloud(settings: Settings): Promise<boolean> {
  return stopProgram(localCloud, settings);
}

/**
 * Does `work` as long as the local cloud runs: whoever works on one that is gone would try again for minutes.
 * `work` must end when its signal is aborted, and throw the signal's reason: a UserError.
 */
export async function whileLocalCloudRuns<T>(settings: Settings, work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const running = await runningLocalCloud(settings);
  const ended = (engine: string): UserError =>
    new UserError(
      `${engine} has ended while Terraform worked on it; its log: ${programFiles(localCloud, settings).log}. make up starts it again and goes on.`,
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
