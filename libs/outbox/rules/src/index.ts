/** The outbox as pure functions of (item, now, policy); it knows events, not what they are about. */
export {
  acknowledge,
  isUnpublished,
  type Acknowledgement,
  type PublishedEvent,
  type RetentionPolicy,
} from './acknowledge';
export { aggregateKey, parseAggregateKey } from './aggregate-key';
export {
  append,
  MAX_ENVELOPE_BYTES,
  MAX_ID_BYTES,
  type Appended,
  type AppendPolicy,
  type HeadMove,
  type Stamp,
} from './append';
export { type Change, type CommitContext, type RefusedChange } from './change';
export {
  claim,
  isDue,
  isStillAs,
  MAX_ATTEMPTS,
  MAX_BACK_OFF_MS,
  release,
  type Claim,
  type ClaimPolicy,
  type Release,
} from './claim';
export {
  eventKey,
  OUTBOX_ENTITY,
  sequenceOf,
  type ItemKey,
  type OutboxItem,
  type StoredOutboxItem,
} from './outbox-item';
export { isAwaited } from './publication';
export { rearm, type Rearmed } from './rearm';
export { committedEvent, type CommittedEvent } from './committed-event';
export { erasability, erasure, type Erasability, type Erasure } from './erase';
export { relay, UnreadableRecord, type RelayedRecord, type StreamRecord } from './relay';
export { batchesOf, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, republish, type BusEntry } from './republish';
export { SHARD_COUNT, shardOf, SHARDS } from './shard';
export { MIN_SWEEP_BUDGET, SAMPLE_SIZE, sampleOf, sweepBudget, usedBudget, type PreviousRun } from './sweep-budget';
export { splitByAggregate, sweepOrder, type UnpublishedKey } from './sweep-order';
export { backingOff, oldestUnpublishedAge } from './unpublished-age';
export { unsendablePath } from './unsendable';
