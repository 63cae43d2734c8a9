export { startDynamoDbLocal, type DynamoDbLocal } from './dynamodb-local';
export { createFakeClock, type FakeClock } from './fake-clock';
export { createSeededIds } from './seeded-ids';
export { eventually, type EventuallyOptions } from './eventually';
export { httpEvent } from './http-event';
export { orderEvent } from './order-event';
export { recordingClient, recordingTelemetry } from './recording';
export { busEnvelope, sqsRecord } from './sqs-record';
export { freePort } from './free-port';
