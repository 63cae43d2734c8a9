import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Where one run of a command works: everything it may read of the host, decided once. */
export interface Settings {
  /** The repository. */
  readonly root: string;
  /** State of the local cloud and of its Terraform: `.local`, or LOCAL_CLOUD_DIRECTORY; never committed. */
  readonly localDirectory: string;
  readonly port: number;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const defaultPort = 4566;

/** A mistake or a missing thing the user can mend: its message is all they are shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A `make` that a command starts is one of its own, not part of the make that started the command. */
const noMake = { MAKEFLAGS: undefined, MAKELEVEL: undefined, MAKEOVERRIDES: undefined, MFLAGS: undefined };

/**
 * Terraform and its provider are Go programs that build thousands of schemas each time they start: collecting their garbage
 * less often takes a third of the processor time off an apply, for some 150 MB more memory. Whoever sets GOGC keeps it.
 */
const goGarbage = '400';

/**
 * Settings of a process that works on the clone at `root`. The port is `LOCAL_CLOUD_PORT`, else the one this clone used
 * last, else 4566, so that `make up LOCAL_CLOUD_PORT=5000` needs no repeating for `make env` or `make stop`.
 * @throws UserError when `LOCAL_CLOUD_PORT` is no port
 */
export function loadSettings(root: string, environment: NodeJS.ProcessEnv): Settings {
  const localDirectory = resolve(root, environment['LOCAL_CLOUD_DIRECTORY'] || '.local');
  const port = chosenPort('LOCAL_CLOUD_PORT', environment, portFile(localDirectory), defaultPort);
  const bin = join(root, 'node_modules', '.bin');
  const path = [bin, ...(environment['PATH'] ?? '').split(delimiter).filter((entry) => entry !== bin)].join(delimiter);
  return {
    root,
    localDirectory,
    port,
    home: homedir(),
    environment: { GOGC: goGarbage, ...environment, ...noMake, PATH: path },
  };
}

/** The file that remembers the port a clone's local cloud was started on. */
export function portFile(localDirectory: string): string {
  return join(localDirectory, 'local-cloud.port');
}

/** The file that remembers the partners' port where it isn't the one after the local cloud's. */
export function partnersPortFile(localDirectory: string): string {
  return join(localDirectory, 'partners.port');
}

/**
 * The port of the carrier and mail provider beside a local cloud: `PARTNERS_PORT`, else the one that was asked for last,
 * else the one after the local cloud's.
 * @throws UserError when that is no port
 */
export function partnersPort({ environment, localDirectory, port }: Settings): number {
  return chosenPort('PARTNERS_PORT', environment, partnersPortFile(localDirectory), port + 1);
}

/** The file that notes the port of the console beside a local cloud, which hands `/_console` on to it. */
export function consolePortFile(localDirectory: string): string {
  return join(localDirectory, 'console.port');
}

/**
 * The port of the console beside a local cloud: `CONSOLE_PORT`, else the one after the partners'.
 * @throws UserError when that is no port
 */
export function consolePort(settings: Settings): number {
  const asked = settings.environment['CONSOLE_PORT'];
  const port = asked ? Number(asked) : partnersPort(settings) + 1;
  if (!isPort(port)) throw new UserError(`CONSOLE_PORT must be a number from 1 to 65535, not "${asked || port}"`);
  return port;
}

function chosenPort(name: string, environment: Settings['environment'], file: string, otherwise: number): number {
  const asked = environment[name];
  const port = asked ? Number(asked) : (rememberedPort(file) ?? otherwise);
  if (!isPort(port)) throw new UserError(`${name} must be a number from 1 to 65535, not "${asked || port}"`);
  return port;
}

/** The port in a file; undefined when there is no file, or a crash left it empty. */
function rememberedPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return isPort(port) ? port : undefined;
  } catch {
    return undefined;
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/**
 * Where a command works that knows both: TARGET, or `unless` it is set.
 * @throws UserError when it names neither, or means AWS while the shell points at the local cloud
 */
export function wantedTarget({ environment }: Settings, unless: 'local' | 'aws'): 'local' | 'aws' {
  const target = environment['TARGET'] || unless;
  if (target !== 'local' && target !== 'aws') throw new UserError(`TARGET is local or aws, not ${target}`);
  if (target === 'aws' && environment['AWS_ENDPOINT_URL']) {
    throw new UserError(
      'This is for AWS, and AWS_ENDPOINT_URL is set: this shell talks to the local cloud. Use a new shell, or TARGET=local.',
    );
  }
  return target;
}

/**
 * Whether the local cloud is wanted without this repository's stack: `STACK=none`.
 * @throws UserError when STACK says something else
 */
export function wantsNoStack({ environment }: Settings): boolean {
  const stack = environment['STACK'] || undefined;
  if (stack !== undefined && stack !== 'none') throw new UserError(`STACK is none, or not set: not ${stack}`);
  return stack === 'none';
}
