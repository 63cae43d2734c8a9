import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is yes.
 * @throws Error saying what was waited for, after `timeoutMs`
 */
export async function waitFor(what: string, condition: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await delay(250);
  }
}
