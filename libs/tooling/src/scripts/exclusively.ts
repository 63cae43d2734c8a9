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
export async function exclusively<T>(
  { root, localDirectory }: Settings,
  what: Exclusive,
  work: () => Promise<T>,
): Promise<T> {
  const name = what === 'stack' ? `stack${relative(root, localDirectory).replaceAll(/\W+/g, '-')}` : what;
  const release = await acquire(lockFile(root, name), {
    command: `make ${process.argv[2]}`,
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
