import type { Engine } from './engine';

/**
 * Calls `action` after `ms` of time that really passes. Work is done in real time: when the engine's clock is moved
 * forward meanwhile, it must not look as if it had taken all that while.
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
