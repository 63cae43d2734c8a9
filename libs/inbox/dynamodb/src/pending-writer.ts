import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey } from '@outbox/function-kit';
import type { InboxMessage, Pending, StoredState } from '@outbox/inbox-rules';
import { isAsSeen, type Layout, type LayoutPorts } from './layout';
import { marshalPending, PENDING } from './pending-item';

/**
 * Writes down what is pending of a message, on condition that the leased item is as it was seen.
 * False: it isn't any more, and nothing was changed.
 */
export async function writePending(
  { dynamodb, tableName }: LayoutPorts,
  layout: Layout,
  message: InboxMessage,
  seen: StoredState,
  pending: Pending,
): Promise<boolean> {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = isAsSeen(seen);
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: marshalKey(layout.leasedKey(message)),
        UpdateExpression: `SET ${PENDING} = :pending`,
        ConditionExpression,
        ...(ExpressionAttributeNames ? { ExpressionAttributeNames } : {}),
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':pending': marshalPending(pending) },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
