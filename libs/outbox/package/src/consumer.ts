/** A consumer of events: a Lambda handler for its queue, with one effect per event. */
export {
  ConsumerDefinitionError,
  createConsumer,
  readConsumerConfig,
  recogniserOf,
  type BuildEffect,
  type ConsumedEvent,
  type ConsumerConfig,
  type ConsumerDefinition,
  type ConsumerHandler,
  type ConsumerPorts,
  type EffectFields,
  type Recognise,
  type Recognised,
} from '@outbox/inbox-dynamodb';
export {
  awsClientConfig,
  createLogger,
  createMetrics,
  EnvironmentError,
  systemClock,
  systemRetry,
  type Clock,
  type LogFields,
  type Logger,
  type Metrics,
  type RetryPolicy,
} from '@outbox/function-kit';
export { type InOrderStart, type Policy } from '@outbox/inbox-rules';
