import type { Clock } from './clock';

/**
 * Push instead of polling: whoever changes something notifies its key, whoever waits for it wakes at once.
 * Keys are ARNs (a queue that got a message, a stream that got a record).
 */
export class Signals {
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(private readonly clock: Clock) {}

  notify(key: string): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    for (const wake of waiting) wake();
  }

  /** Resolves true when `key` is notified, false after `timeoutMs` of engine time or when `signal` aborts. */
  wait(key: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (notified: boolean): void => {
        cancel();
        signal?.removeEventListener('abort', giveUp);
        this.#waiting.get(key)?.delete(wake);
        resolve(notified);
      };
      const wake = (): void => finish(true);
      const giveUp = (): void => finish(false);
      const cancel = this.clock.after(timeoutMs, giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      const waiting = this.#waiting.get(key) ?? new Set();
      waiting.add(wake);
      this.#waiting.set(key, waiting);
    });
  }
}
