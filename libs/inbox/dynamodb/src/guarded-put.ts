import { ConditionalCheckFailedException, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import type { LayoutPorts } from './layout';

/**
 * One conditional write. Answers undefined when written, and the item in the way when the condition failed (DynamoDB
 * returns it with the refusal: no second read, no second permission).
 */
export async function guardedPut(
  { dynamodb, tableName }: LayoutPorts,
  item: Item,
  condition: Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>,
): Promise<Item | undefined> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: tableName,
        Item: item,
        ...condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
    throw error;
  }
}
