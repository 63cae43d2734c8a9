/**
 * What can be wrong between the outbox and a consumer:
 * - `late`: still unpublished although it was due; between the sweeper's attempts too
 * - `failed`: given up by the sweeper, see `outboxctl failed list`
 * - `lost`: published (or its outbox item is missing), and a subscribed consumer has not done it
 * - `duplicated`: one event with two effects, or one version with two events
 * - `out-of-order`: an in-order consumer applied a version before an earlier one
 * - `orphaned`: an event of a version its order hasn't, or an effect of an event that was never committed
 */
export type FindingKind = 'late' | 'failed' | 'lost' | 'duplicated' | 'out-of-order' | 'orphaned';

export const FINDING_KINDS: readonly FindingKind[] = [
  'lost',
  'late',
  'duplicated',
  'out-of-order',
  'orphaned',
  'failed',
];

export interface Finding {
  readonly kind: FindingKind;
  readonly orderId: string;
  readonly version: number;
  readonly eventId?: string;
  readonly consumer?: string;
  readonly detail: string;
}
