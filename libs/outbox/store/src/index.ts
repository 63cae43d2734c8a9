/** The outbox in DynamoDB: parts for the aggregate's own transaction, and reading back. */
export { readEvent } from './outbox-reader';
export { outboxPut } from './outbox-writer';
