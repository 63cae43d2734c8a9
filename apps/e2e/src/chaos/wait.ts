import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is yes.
 * @throws Error saying what was waited for, after `timeoutMs`
 */
export async function waitFor(what: string, condition: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  if (!(await happens(condition, timeoutMs))) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
}

/** Asks until the answer is yes; false after `timeoutMs`. */
export async function happens(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(250);
  }
  return true;
}
