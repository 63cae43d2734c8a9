export { awsClientConfig } from './aws-client';
export { isoTime, systemClock, type Clock } from './clock';
export { deadLetter, redriveAttributes, type DeadLetterCause } from './dead-letter';
export { createTracer } from './create-tracer';
export { dynamoFailure, isUnavailable, type DynamoFailure } from './dynamo-failure';
export { EnvironmentError, readEnv, type Env } from './env';
export { createIds, formatUuid, uuidV7, type Ids } from './ids';
export {
  createHttpHandler,
  nothingAt,
  type HttpHandler,
  type HttpHandlerPorts,
  type HttpRequest,
  type HttpRoute,
} from './http';
export { decodeBody, type HttpBody } from './http-body';
export { entityTags, isWeak, matchesStrongly, matchesWeakly, type EntityTags } from './http-conditions';
export { contentCodings, parseMediaType, type MediaType } from './http-content';
export { CorruptItemError, itemReader, marshalKey, type Item, type ItemReader } from './item';
export { createLogger, loggerWith, type LogFields, type Logger } from './logger';
export { createMetrics, type Metrics } from './metrics';
export { marshalPlain, unmarshalPlain, UnstorableValueError } from './plain';
export { once } from './once';
export { ANONYMOUS, NoPrincipalError, principalOf, type Principal } from './principal';
export {
  invalidHeader,
  jsonResponse,
  preconditionFailed,
  ProblemError,
  problemResponse,
  type HttpAnswer,
  type Problem,
  type ProblemDetail,
} from './problem';
export { retryWithin, systemRetry, type Attempt, type Retried, type RetryPolicy } from './retry';
export {
  createSqsBatchHandler,
  RESERVE_MS,
  type BatchOutcome,
  type Malformed,
  type Receipt,
  type SqsBatchHandler,
} from './sqs-batch';
export { EXPORT_MS } from './otlp-exporter';
export { type MessageSpan } from './sqs-trace';
export {
  pickTrace,
  readTraceparent,
  traceContextOf,
  traceFields,
  writeTraceparent,
  type TraceContext,
  type TraceParent,
} from './trace-context';
export {
  passingTracer,
  recordSpan,
  traced,
  type Span,
  type SpanAttributes,
  type SpanStart,
  type Tracer,
} from './tracer';
