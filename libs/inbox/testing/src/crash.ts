/** The process is gone: nothing that it would have done is done any more. */
export class CrashedError extends Error {
  override readonly name = 'CrashedError';

  constructor() {
    super('the process died here, as the spec asked');
  }
}

/**
 * A request of a consumer, counted from 1 over all deliveries, at which its process dies: a number or `before`, before
 * the request is sent; `after`, when it took effect, or was refused, and no answer came.
 */
export type CrashPoint = number | { readonly before: number } | { readonly after: number };

/** Counts requests, and dies once at the chosen one. */
export class Requests {
  count = 0;
  /** Nothing more is sent until `revive`: the process is dead. */
  isDead = false;
  hasCrashed = false;

  readonly #crashAt: { readonly before?: number; readonly after?: number };

  constructor(crashAt: CrashPoint | undefined) {
    this.#crashAt = typeof crashAt === 'number' ? { before: crashAt } : { ...crashAt };
  }

  /** @throws CrashedError */
  async send<T>(perform: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new CrashedError();
    this.count += 1;
    // Requests may overlap: this one keeps its number.
    const { count } = this;
    const { before, after } = this.#crashAt;
    if (count === before) this.die();
    // A refusal is an answer, too.
    const [answer] = await Promise.allSettled([perform()]);
    if (count === after) this.die();
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }

  /** The next invocation runs in a new process. */
  revive(): void {
    this.isDead = false;
  }

  private die(): never {
    this.isDead = true;
    this.hasCrashed = true;
    throw new CrashedError();
  }
}
