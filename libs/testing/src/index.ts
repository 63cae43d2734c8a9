export { startDynamoDbLocal, type DynamoDbLocal } from './dynamodb-local';
export { createFakeClock, type FakeClock } from './fake-clock';
export { createSeededIds } from './seeded-ids';
export { eventually, type EventuallyOptions } from './eventually';
