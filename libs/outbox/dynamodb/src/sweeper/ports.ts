import type { Clock, Logger, Metrics } from '@outbox/function-kit';
import type { BusEntry } from '@outbox/outbox-rules';
import type { OutboxTable } from '../table/outbox-table';

/** Why the bus took no notice of an entry, in its own words; undefined: it took it. */
export type BusVerdict = string | undefined;

/** The event bus as the sweeper sees it. */
export interface EventBus {
  /**
   * Puts up to ten entries; answers a verdict for each, in order.
   * @throws when the call as a whole failed, so that nothing is known of any entry
   */
  put(entries: readonly BusEntry[]): Promise<readonly BusVerdict[]>;
}

export interface SweepPolicy {
  /** So long after its commit an unpublished event is due. */
  readonly thresholdMs: number;
  /** Most events of one run. */
  readonly limit: number;
}

/** The outside world of a sweep. */
export interface SweeperPorts {
  readonly table: OutboxTable;
  readonly bus: EventBus;
  readonly policy: SweepPolicy;
  /** Stamps `relayedat`; what is due is decided by the `now` that a run is given. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A run that did what it could, but not all: an item or the bus failed in a way it has no answer to. */
export class SweepIncomplete extends Error {
  override readonly name = 'SweepIncomplete';

  constructor(
    readonly faults: number,
    cause: unknown,
  ) {
    super(`${faults} faults while sweeping, the first: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
