import type { Clock } from '@outbox/local-cloud-kernel';

/** A request that was denied, as often as it was. */
export interface Denial {
  /** ARN of the role, or of who else asked; a service by its name. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's own words, policy included. */
  readonly message: string;
  /** `Sid` of the statement that denies; absent where none allows, or it has none. */
  readonly statement?: string;
  readonly count: number;
  /** ISO 8601, by the engine's clock. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** So many different ones are kept, the latest. */
const KEPT = 200;

/** What was denied since the engine started, and to whom. */
export class Denials {
  readonly #denials = new Map<string, Denial>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  record(denial: Pick<Denial, 'principal' | 'action' | 'resource' | 'message'>, statement?: string): void {
    const { principal, action, resource } = denial;
    const key = JSON.stringify([principal, action, resource, statement]);
    const lastAt = new Date(this.clock.now()).toISOString();
    const { count = 0, firstAt = lastAt } = this.#denials.get(key) ?? {};
    // What was denied last stands last.
    this.#denials.delete(key);
    const cause = statement === undefined ? {} : { statement };
    this.#denials.set(key, { ...denial, ...cause, count: count + 1, firstAt, lastAt });
    const [oldest] = this.#denials.keys();
    if (this.#denials.size > KEPT && oldest !== undefined) this.#denials.delete(oldest);
  }

  /** The latest first. */
  all(): readonly Denial[] {
    return [...this.#denials.values()].reverse();
  }
}
