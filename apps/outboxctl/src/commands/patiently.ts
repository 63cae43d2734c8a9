import { explain, isPassing, reasonOf } from '@outbox/cli-kit';
import type { CliContext } from './context';

const FIRST_WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 30;

/** What patience needs of a command's context. */
export type PatientContext = Pick<CliContext, 'now' | 'sleep' | 'progress' | 'environment'>;

/**
 * Looks again, after 1, 2, 4 … 30 seconds, while what failed is likely to pass by itself: the network, a throttle. Each
 * failure is told.
 * @param until when it gives up, epoch milliseconds
 * @throws what doesn't pass, or hasn't in time
 */
export async function patiently<T>(context: PatientContext, look: () => Promise<T>, until = Infinity): Promise<T> {
  for (let seconds = FIRST_WAIT_SECONDS; ; seconds = Math.min(2 * seconds, MAX_WAIT_SECONDS)) {
    try {
      return await look();
    } catch (error) {
      const left = until - context.now();
      if (!isPassing(error) || left <= 0) throw error;
      const wait = Math.min(seconds * 1_000, left);
      context.progress(
        `${reasonOf(explain(error, context.environment))}; looking again in ${Math.ceil(wait / 1_000)} s`,
      );
      await context.sleep(wait);
    }
  }
}
