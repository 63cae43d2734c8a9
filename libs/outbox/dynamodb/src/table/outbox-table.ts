import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshalKey } from '@outbox/function-kit';
import type { ItemKey } from '@outbox/outbox-rules';

/** The table that holds events and the heads of their aggregates. */
export interface OutboxTable {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}

/**
 * One conditional update; false when the condition failed and nothing was changed. Everything else DynamoDB throws is
 * passed on.
 */
export async function updateIf(
  { dynamodb, tableName }: OutboxTable,
  key: ItemKey,
  update: Pick<
    UpdateItemCommandInput,
    'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >,
): Promise<boolean> {
  try {
    await dynamodb.send(new UpdateItemCommand({ TableName: tableName, Key: marshalKey(key), ...update }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
