/** For a service's specs: an outbox in memory, and deliveries to a consumer. No test framework needed. */
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
export {
  deliver,
  NotSettledError,
  type CrashPoint,
  type DeadLetter,
  type Delivered,
  type DeliverOptions,
  type Deployment,
} from '@outbox/inbox-testing';
