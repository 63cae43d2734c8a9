/** Reading a DynamoDB stream as AWS's pollers do, for pipes and event source mappings: shards, batches, halving, retries, positions. */
export type { Checkpoint, GiveUpCondition, GivenUp, Outcome, StreamReading, StreamSettings } from './reading';
export { listShards, StreamReader } from './stream-reader';
export { streamRecord, type StreamRecord } from './stream-record';
