/** The outbox as pure functions of (item, now, policy); it knows events, not what they are about. */
export { append, MAX_ENVELOPE_BYTES, type Appended, type AppendPolicy } from './append';
export { eventKey, OUTBOX_ENTITY, type OutboxItem } from './outbox-item';
export { relay, UnreadableRecord, type RelayedRecord, type StreamRecord } from './relay';
export { SHARD_COUNT, shardOf, SHARDS } from './shard';
