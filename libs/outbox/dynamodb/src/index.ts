/** The outbox in DynamoDB: parts for the aggregate's own transaction, reading back, acknowledging and sweeping. */
export {
  createAcknowledger,
  type AcknowledgerHandler,
  type AcknowledgerPorts,
  type DeadLetterReason,
  type DeadLetters,
} from './acknowledger/acknowledger';
export { SweepIncomplete, type BusVerdict, type EventBus, type SweeperPorts, type SweepPolicy } from './sweeper/ports';
export { sweep, type SweepReport } from './sweeper/sweep';
export { failedItems } from './table/failed-items';
export {
  isOutboxItem,
  OUTBOX_SUMMARY_ATTRIBUTES,
  outboxPut,
  readOutboxSummary,
  type OutboxSummary,
} from './table/outbox-item';
export { readEvent, readItem } from './table/outbox-reader';
export { type OutboxTable } from './table/outbox-table';
export { writeRearmed } from './table/outbox-updates';
export { readBacklog } from './table/unpublished-backlog';
