import { relative } from 'node:path';
import { throwIfInterrupted } from './interruption.ts';
import { acquire, lockFile } from './lock.cjs';
import { type Settings, UserError } from './settings.ts';

/**
 * What only one command may work on at a time: what is installed and built in a clone, a local cloud with its Terraform
 * state, and the folders of the test suites.
 */
export type Exclusive = 'build' | 'stack' | 'tests';

/**
 * Does `work` while no other command of this clone works on the same; waits for one that does, and says for which.
 * @throws UserError when that took too long and nobody sits at the terminal
 */
export async function exclusively<T>(settings: Settings, what: Exclusive, work: () => Promise<T>): Promise<T> {
  const release = await acquire(exclusiveFile(settings, what), {
    command: commandOf(process.argv.slice(2)),
    onWait: (sentence: string) => console.error(sentence),
    throwIfStopped: throwIfInterrupted,
  }).catch((error: unknown) => {
    throw error instanceof Error && error.name === 'LockedError' ? new UserError(error.message) : error;
  });
  try {
    return await work();
  } finally {
    release();
  }
}

/** What the user called, by the arguments of run.ts: `aws plan` is `make plan`. */
export function commandOf([name, argument]: readonly string[]): string {
  return `make ${name === 'aws' ? argument : name}`;
}

/** The lock's file: there is a stack in each local directory, and of the others one in the clone. */
export function exclusiveFile({ root, localDirectory }: Settings, what: Exclusive): string {
  const directory = relative(root, localDirectory).replaceAll(/\W+/g, '-');
  return lockFile(root, what === 'stack' ? `stack${directory}` : what);
}
