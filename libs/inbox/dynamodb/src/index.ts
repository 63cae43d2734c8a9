/** Consumers of events: what they do, done once, with DynamoDB as their memory. */
export { type EmitPort } from './commit';
export { type ConsumerConfig } from './config';
export { consumer, type Consumer, type ConsumerPorts } from './consumer';
export {
  ConsumerDefinitionError,
  type CallDefinition,
  type CompleteDefinition,
  type EffectDefinition,
  type Subscription,
} from './consumer-definition';
export { eraseRecord, findErasableRecords, type ErasableRecord } from './erase';
export { type ConsumedEvent } from './event';
export { CallTimeoutError, RejectedError, reject, retryIn, RetryLaterError } from './failure';
export { callHttp, HttpCallError, type HttpReply, type HttpRequest } from './http-call';
export {
  committedSince,
  effectPath,
  headKey,
  readEffect,
  readHead,
  readRecordedEffect,
  readRecordId,
  readSubject,
  type EffectFields,
  type StoredRecord,
  type StoredSkip,
  type SubjectState,
} from './inbox-item';
export { loadHead } from './inbox-reader';
export { writeSkip } from './skip';
export { isBeforeStart, loadStart, seedHead, writeStart, type Seed, type Start, type StartFrom } from './start';
export { readSubjectKey, subjectKey, type Subject } from './subject';
export { scanUnfinished, type Unfinished } from './unfinished';
export type { CallContext, Completion, CompletionTools } from './work';
