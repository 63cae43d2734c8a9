import type { Clock, Logger, Metrics, RetryPolicy, Tracer } from '@outbox/function-kit';
import type { BusEntry, UnpublishedKey } from '@outbox/outbox-rules';
import type { OutboxTable } from '../table/outbox-table';
import type { PublishedRef } from './sweeper-state';

/**
 * Why the bus didn't take an entry, in its own words. A text: for what the entry holds. `throttled`: it was one too many,
 * and may be put again at once; `broken`: the bus failed at it, and the next time may not; `unavailable`: not before
 * whoever runs the bus has mended it. None of the three says anything of the event. Undefined: it took it.
 */
export type BusVerdict =
  string | { readonly throttled: string } | { readonly broken: string } | { readonly unavailable: string } | undefined;

/** The event bus as the sweeper sees it. */
export interface EventBus {
  /**
   * Puts up to ten entries; returns a verdict for each, in order.
   * @throws when the bus is out of reach, so that nothing is known of any entry; never for what an entry holds
   */
  put(entries: readonly BusEntry[]): Promise<readonly BusVerdict[]>;
}

/** A part of a run's events, with all that are due of each of its aggregates. */
export interface Share {
  readonly keys: readonly UnpublishedKey[];
  /** The `now` of the run, epoch milliseconds. */
  readonly now: number;
  /** When the share has to be done, epoch milliseconds: the run waits no longer. */
  readonly deadline: number;
}

/** What came of a share; plain data, so that another invocation can return it. */
export interface ShareReport {
  readonly published: number;
  /** A few of what was published. */
  readonly sample: readonly PublishedRef[];
  /** Claimed, but not accepted by the bus: they come due again. */
  readonly refused: number;
  /** Given up after their last attempt. */
  readonly failed: number;
  /** What went wrong beside that, each in one line. */
  readonly faults: readonly string[];
  readonly outOfTime: boolean;
  /** Milliseconds since the oldest commit among what is unpublished. */
  readonly oldestUnpublishedMs: number;
}

/** Further invocations of the sweeper, for a backlog that is too much for one. */
export interface SweepWorkers {
  /** Most shares worked at a time. */
  readonly atOnce: number;
  /**
   * Has another invocation work a share; undefined: none could be started, so nothing was done.
   * @throws when it failed, so that nothing is known of the share
   */
  work(share: Share): Promise<ShareReport | undefined>;
}

export interface SweepPolicy {
  /** So long after its commit an unpublished event is due. */
  readonly thresholdMs: number;
  /** Events of a run as long as nothing is known of how earlier ones fared; see `sweepBudget`. */
  readonly start: number;
}

/** The outside world of a sweep. */
export interface SweeperPorts {
  readonly table: OutboxTable;
  readonly bus: EventBus;
  readonly workers: SweepWorkers;
  readonly policy: SweepPolicy;
  /** Stamps `relayedat`; what is due is decided by the `now` that a run is given. */
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

/** A run that did what it could, but not all: an item or the bus failed in a way it has no answer to. */
export class SweepIncomplete extends Error {
  override readonly name = 'SweepIncomplete';

  constructor(
    readonly faults: number,
    first: string,
  ) {
    super(`${faults} faults while sweeping, the first: ${first}`);
  }
}

/** Kept back for one group of ten that takes long, and for writing down what was done. */
export const SWEEP_RESERVE_MS = 5_000;

/** A fault in one line. */
export function describeFault(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
}
