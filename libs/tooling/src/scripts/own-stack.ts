import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalCloud } from '../../../local-cloud/client/src/index.ts';
import { runCommand, type CommandResult } from './command.ts';
import { freePort } from './free-port.ts';
import { stopBackground } from './background.ts';
import { programs } from './requirements.cjs';
import type { Settings } from './settings.ts';

/** Settings of a stack of one's own: local cloud and partners on free ports, their state in a folder that is made anew. */
export async function ownSettings(host: Settings, directory: string, root = host.root): Promise<Settings> {
  const settings: Settings = {
    ...host,
    root,
    localDirectory: join(directory, 'cloud'),
    port: await freePort(),
    environment: {
      ...host.environment,
      PARTNERS_PORT: String(await freePort()),
      CONSOLE_PORT: String(await freePort()),
    },
  };
  await stopBackground(settings);
  await rm(settings.localDirectory, { recursive: true, force: true });
  return settings;
}

/** `outboxctl --json …` on the stack that the environment names. */
export const outboxctl = programOf('outboxctl');

/** Runs a program of this repository, by its name in package.json, with `--json` on the stack that the environment names. */
export function programOf(name: string) {
  return (
    settings: Settings,
    environment: Readonly<Record<string, string | undefined>>,
    args: readonly string[],
    accept: readonly number[] = [0],
  ): Promise<CommandResult> =>
    runCommand(programPath(settings, name), ['--json', ...args], {
      cwd: settings.root,
      environment,
      log: join(settings.localDirectory, 'logs', `${name}.log`),
      accept,
    });
}

/** The file that starts a program of this repository. */
export function programPath(settings: Settings, name: string): string {
  const path = new Map(programs()).get(name);
  if (path === undefined) throw new Error(`package.json has no bin ${name}`);
  return join(settings.root, path);
}

/** How often quiet is asked for, and how far the clock goes in between: a message whose batch failed comes again. */
const attempts = 40;
const stepMs = 30_000;

/**
 * Waits until `reconcile` finds nothing: every event done by every consumer, none twice.
 * @returns what it still found when the waiting was over, or undefined when all is well
 */
export async function unreconciled(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const cloud = new LocalCloud(`http://127.0.0.1:${settings.port}`);
  let last = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const now = new Date(await cloud.advance(stepMs)).toISOString();
    const { exitCode, stdout } = await outboxctl(
      settings,
      environment,
      ['reconcile', '--grace', '0', '--now', now],
      [0, 1],
    );
    if (exitCode === 0) return undefined;
    last = stdout;
    await delay(500);
  }
  return last;
}

/** The local cloud's time, ISO-8601. */
export async function engineTime({ port }: Settings): Promise<string> {
  return new Date(await new LocalCloud(`http://127.0.0.1:${port}`).now()).toISOString();
}
