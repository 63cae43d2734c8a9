import { GetItemCommand, TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { dynamoFailure } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';
import { headOf, recordOf, type Entry, type Item, type Layout, type LayoutPorts } from './layout';
import { HEAD_KEY, versionKey } from './inbox-item';

/**
 * `in-order`: a head per subject and a row per version, written in one transaction on condition that the head has not
 * moved since it was read. The head never expires: without it a long-lived subject's next version would look like a gap.
 */
export function inOrderLayout(ports: LayoutPorts): Layout {
  const recall = async (message: InboxMessage): Promise<StoredState> => {
    const head = headOf(await read(ports, message.subject, HEAD_KEY));
    if (!head || message.version >= head.lastVersion) return { head };
    return { head, record: recordOf(await read(ports, message.subject, versionKey(message.version))) };
  };
  return {
    recall,
    write: async (entry, seen) => {
      const TransactItems = [moveHead(ports, entry, seen), ...effectRow(ports, entry)];
      try {
        await ports.dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
        return { kind: 'written' };
      } catch (error) {
        if (dynamoFailure(error).kind !== 'condition') throw error;
        return { kind: 'lost', stored: await recall(entry.message) };
      }
    },
  };
}

function moveHead({ tableName }: LayoutPorts, { message, writtenAt }: Entry, { head }: StoredState): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: {
        pk: { S: message.subject },
        sk: { S: HEAD_KEY },
        lastVersion: { N: String(message.version) },
        lastEventId: { S: message.id },
        updatedAt: { S: writtenAt },
      },
      ...(head
        ? {
            ConditionExpression: 'lastVersion = :seen',
            ExpressionAttributeValues: { ':seen': { N: String(head.lastVersion) } },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

function effectRow({ tableName }: LayoutPorts, { message, effect, expiresAt }: Entry): TransactWriteItem[] {
  if (!effect) return [];
  return [
    {
      Put: {
        TableName: tableName,
        Item: {
          ...effect,
          pk: { S: message.subject },
          sk: { S: versionKey(message.version) },
          expiresAt: { N: String(expiresAt) },
        },
      },
    },
  ];
}

async function read({ dynamodb, tableName }: LayoutPorts, pk: string, sk: string): Promise<Item | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  return Item;
}
