/** What an event looks like, and how a domain says which events it publishes. */
export { asyncApiOf, type ServiceDescription } from './contract/asyncapi';
export { breakingChanges, type BreakingChange } from './contract/compatibility';
export { contractOf, type Contract } from './contract/contract';
export { describeEvents, type DescribedEvent } from './contract/event-schema';
export {
  defineAggregate,
  InvalidDefinitionError,
  type Aggregate,
  type AggregateType,
  type EventDefinitions,
  type EventsOf,
} from './define-aggregate';
export { AGGREGATE_TYPE, MAX_HOPS, parseEnvelope, type EventEnvelope, type ParsedEnvelope } from './envelope';
export {
  dataschemaOf,
  draftProblem,
  recogniseEvent,
  type DraftProblem,
  type EventDraft,
  type EventOf,
  type EventType,
  type EventVersions,
  type ReadableEventType,
  type RecognisedEvent,
  type TypedEvent,
} from './event-type';
