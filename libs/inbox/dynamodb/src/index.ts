export { readConsumerConfig, type ConsumerConfig } from './config';
export { createConsumerHandler, type ConsumerHandler, type ConsumerOptions } from './consumer';
export {
  ConsumerDefinitionError,
  createConsumer,
  type ConsumerDefinition,
  type ConsumerPorts,
} from './create-consumer';
export { recogniserOf, type ConsumedEvent, type Recognise, type Recognised } from './event';
export { createInbox, type BuildEffect, type Inbox, type InboxOptions, type Settled } from './inbox';
export type { EventTimes, Intake } from './intake';
export { createConsumerQueue, type ConsumerQueue, type ConsumerQueueOptions } from './queue';
export {
  effectPath,
  headKey,
  readEffect,
  readHead,
  readSubject,
  type EffectFields,
  type StoredRecord,
  type SubjectState,
} from './inbox-item';
export { loadHead } from './inbox-reader';
export { writeSkip } from './skip';
export { readSubjectKey, subjectKey, type Subject } from './subject';
