/** For specs of services: an outbox in memory, which behaves as the one in DynamoDB does. No test framework needed. */
export { addFaults, type Fault } from './faults';
export { createMemoryDynamoDb, type MemoryDynamoDb, type TableKeys } from './memory-dynamodb';
export { createMemoryOutbox, OUTBOX_TABLE, type MemoryOutbox, type MemoryOutboxOptions } from './memory-outbox';
export { UnsupportedError } from './tokens';
