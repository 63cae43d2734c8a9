import type { Engine } from '@outbox/local-cloud-kernel';

/**
 * Calls `action` after `ms` of time that really passes. A process computes in real time: when the engine's clock is
 * moved forward while it runs, it must not look as if it had computed all that while.
 * @returns a function that cancels
 */
export function afterRunning(clock: Engine['clock'], ms: number, action: () => void): () => void {
  const start = clock.now() - clock.offsetMs;
  let cancel = (): void => undefined;
  const arm = (): void => {
    const left = ms - (clock.now() - clock.offsetMs - start);
    if (left <= 0) action();
    else cancel = clock.after(left, arm);
  };
  arm();
  return () => cancel();
}
