import type { Clock } from '@outbox/local-cloud-kernel';
import type { RouteSettingsRecord } from '../model';
import { ACCOUNT_BURST, ACCOUNT_RATE } from '../limits';

/** Token buckets, one per route of a stage. */
export class Throttle {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly clock: Clock) {}

  /** Takes a token of the route's bucket; false when there is none. */
  admit(key: string, ...settings: readonly (RouteSettingsRecord | undefined)[]): boolean {
    const rate = settings.find((one) => one?.rateLimit !== undefined)?.rateLimit ?? ACCOUNT_RATE;
    const burst = settings.find((one) => one?.burstLimit !== undefined)?.burstLimit ?? ACCOUNT_BURST;
    const now = this.clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    const admitted = tokens >= 1;
    this.#buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at: now });
    return admitted;
  }
}
