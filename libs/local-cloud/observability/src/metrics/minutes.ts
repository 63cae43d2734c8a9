import type { Clock } from '@outbox/local-cloud-kernel';
import { MINUTE_MS } from './series';

/** A minute is looked at so long after its end: what was logged in it may be a moment late. */
const LAG_MS = 5_000;

/**
 * Calls `each` with the end of every minute of engine time, and when it is looked at, oldest first; after a jump of the
 * clock with every minute that was skipped, but no more than `most`.
 */
export class Minutes {
  #cancel: (() => void) | undefined;
  #done = 0;

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
    private readonly each: (end: number, at: number) => void,
  ) {}

  start(): void {
    this.#done = this.#due();
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
  }

  /** The end of the latest minute that is over, and its lag too. */
  #due(): number {
    return Math.floor((this.clock.now() - LAG_MS) / MINUTE_MS) * MINUTE_MS;
  }

  #arm(): void {
    this.#cancel = this.clock.after(this.#done + MINUTE_MS + LAG_MS - this.clock.now(), () => this.#run());
  }

  #run(): void {
    const due = this.#due();
    const from = Math.max(this.#done + MINUTE_MS, due - (this.most - 1) * MINUTE_MS);
    this.#done = Math.max(this.#done, due);
    for (let end = from; end <= due; end += MINUTE_MS) this.each(end, end + LAG_MS);
    this.#arm();
  }
}
