/** Reading a DynamoDB stream or a queue as AWS's pollers do, for pipes and event source mappings: shards, batches, halving, retries, positions. */
export { PolledQueue } from './queue/polled-queue';
export { recordFilter, type RecordFilter } from './queue/queue-filter';
export { toSqsRecord, type SqsRecord } from './queue/queue-record';
export type { Checkpoint, GiveUpCondition, GivenUp, Outcome, StreamReading, StreamSettings } from './reading';
export { listShards, StreamReader } from './stream-reader';
export { streamRecord, type StreamRecord } from './stream-record';
