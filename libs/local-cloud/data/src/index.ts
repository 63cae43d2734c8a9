/** DynamoDB and DynamoDB Streams of the local cloud. */
export { createData } from './create-data';
export { DynamoDbLocalError } from './server/java';
