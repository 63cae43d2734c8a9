export { readConsumerConfig, type ConsumerConfig } from './config';
export { createConsumerHandler, type ConsumerHandler, type ConsumerOptions } from './consumer';
export { createConsumer, type ConsumerDefinition, type ConsumerPorts } from './create-consumer';
export { ofType, type ConsumedEvent, type Recognise, type Recognised } from './event';
export { createInbox, type BuildEffect, type Inbox, type InboxOptions, type Settled } from './inbox';
export type { EventTimes, Intake } from './intake';
export { createConsumerQueue, type ConsumerQueue, type ConsumerQueueOptions } from './queue';
export {
  headKey,
  readHead,
  readSubject,
  type AppliedRecord,
  type EffectFields,
  type Head,
  type StoredRecord,
  type SubjectState,
} from './inbox-item';
export { loadHead } from './inbox-reader';
export { writeSkip, type Skip } from './skip';
