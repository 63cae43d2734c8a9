/** For a service's specs: an outbox in memory. No test framework needed. */
export {
  addFaults,
  createMemoryDynamoDb,
  createMemoryOutbox,
  OUTBOX_TABLE,
  UnsupportedError,
  type Fault,
  type MemoryDynamoDb,
  type MemoryOutbox,
  type MemoryOutboxOptions,
  type TableKeys,
} from '@outbox/outbox-testing';
