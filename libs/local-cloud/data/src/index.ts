/** DynamoDB and DynamoDB Streams of the local cloud. */
export { createData } from './create-data';
export { DynamoDbLocalError } from './dynamodb-local/java';
export { TableEngineError } from './engine/choose-engine';
export { TABLE_ENGINES, type TableEngineName } from './engine/table-engine';
