import { setTimeout as delay } from 'node:timers/promises';
import { describeWanted, matches, type Wanted } from './matching.ts';

/** How long something is waited for, in milliseconds: 5,000 unless told. */
export interface Patience {
  readonly within?: number;
}

/** What was waited for did not come; the message shows what was there instead. */
export class NotSeenError extends Error {
  override readonly name = 'NotSeenError';
  /** What was there in the end. */
  readonly seen: readonly unknown[];

  constructor(message: string, seen: readonly unknown[]) {
    super(message);
    this.seen = seen;
  }
}

const PATIENCE_MS = 5_000;
const POLL_MS = 50;
/** As much of what was there as a reader of a failed test looks at. */
const SHOWN = 5;

/**
 * Looks until one of what there is fits, and returns that one.
 * @param place what is looked at, in words
 * @throws NotSeenError once the time is over
 */
export async function seen<T>(
  place: string,
  look: () => Promise<readonly T[]>,
  wanted: Wanted<T>,
  { within = PATIENCE_MS }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    const found = await look();
    const match = found.find((each) => matches(each, wanted));
    if (match !== undefined) return match;
    if (performance.now() >= deadline) {
      throw new NotSeenError(
        `${place}: nothing like ${describeWanted(wanted)} within ${within} ms. ${describeFound(found)}`,
        found,
      );
    }
    await delay(POLL_MS);
  }
}

/**
 * Looks for the whole time that nothing there fits.
 * @throws NotSeenError as soon as something does
 */
export async function unseen<T>(
  place: string,
  look: () => Promise<readonly T[]>,
  wanted: Wanted<T>,
  { within = PATIENCE_MS }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + within;
  do {
    const match = (await look()).find((each) => matches(each, wanted));
    if (match !== undefined) {
      throw new NotSeenError(`${place}: not expected, and there: ${JSON.stringify(match)}`, [match]);
    }
    await delay(POLL_MS);
  } while (performance.now() < deadline);
}

function describeFound(found: readonly unknown[]): string {
  if (found.length === 0) return 'There is nothing.';
  const last = found.slice(-SHOWN).map((each) => `\n  ${JSON.stringify(each)}`);
  return `There ${found.length === 1 ? 'is' : `are ${found.length}, the last ${last.length} of them`}:${last.join('')}`;
}
