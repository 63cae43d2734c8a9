/** The outbox in DynamoDB: committing, reading back, acknowledging and sweeping. */
export {
  createAcknowledger,
  type AcknowledgerHandler,
  type AcknowledgerPorts,
  type DeadLetterReason,
  type DeadLetters,
} from './acknowledger/acknowledger';
export { readOutboxConfig, type OutboxConfig } from './commit/config';
export {
  cancellationReasons,
  createOutbox,
  type Commit,
  type CommitResult,
  type Outbox,
  type OutboxOptions,
  type PartInput,
  type RefusedCommit,
} from './commit/outbox';
export { eventAttributes, eventFields, type Traceable } from './event-evidence';
export { transactWriteItem, type Condition, type PlainItem, type PlainWrite } from './commit/plain-write';
export { EventInTheWayError, type Conflict, type PartOutcome, type TransactionPart } from './commit/transaction-part';
export {
  SweepIncomplete,
  type BusVerdict,
  type EventBus,
  type Share,
  type ShareReport,
  type SweeperPorts,
  type SweepPolicy,
  type SweepWorkers,
} from './sweeper/ports';
export { sweep, type SweepReport } from './sweeper/sweep';
export { workShare } from './sweeper/work-share';
export {
  eraseEvent,
  eraseHead,
  findErasable,
  type ErasableAggregate,
  type ErasableEvent,
  type ErasableHead,
  type ErasedMarks,
} from './table/erase';
export { failedItems, loadFailedItem, type FailedItem } from './table/failed-items';
export {
  isOutboxHead,
  OUTBOX_HEAD_ATTRIBUTES,
  outboxHeadKey,
  unmarshalHead,
  type OutboxHead,
} from './table/outbox-head';
export {
  isOutboxItem,
  OUTBOX_SUMMARY_ATTRIBUTES,
  readOutboxSummary,
  readTraceId,
  unmarshalOutboxItem,
  type OutboxSummary,
} from './table/outbox-item';
export {
  loadEvent,
  loadHead,
  readItem,
  UnreadableEventError,
  type AggregateRef,
  type CommittedAnswer,
  type LoadedHead,
} from './table/outbox-reader';
export { readPublication, type Publication } from './table/publication';
export { type OutboxTable } from './table/outbox-table';
export { writeRearmed } from './table/outbox-updates';
export {
  isPassedOver,
  PASSED_OVER_ATTRIBUTES,
  readPassedOver,
  writePassedOver,
  type PassedOver,
} from './table/passed-over';
export { publishedItems, type PublishedFilter } from './table/published-items';
export { readBacklog } from './table/unpublished-backlog';
