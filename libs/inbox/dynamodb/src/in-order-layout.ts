import { TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { dynamoFailure, marshalKey } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';
import { moveHead, readRecordId, versionKey } from './inbox-item';
import { loadHead, loadItem } from './inbox-reader';
import type { Entry, Layout, LayoutPorts } from './layout';

/**
 * `in-order`: a head per subject and a row per version, written in one transaction on condition that the head has not
 * moved since it was read. The head never expires: without it a long-lived subject's next version would look like a gap.
 */
export function inOrderLayout(ports: LayoutPorts): Layout {
  const { dynamodb, tableName } = ports;
  const recall = async ({ subject, version }: InboxMessage): Promise<StoredState> => {
    const head = await loadHead(ports, subject);
    if (!head || version >= head.lastVersion) return { head };
    const record = await loadItem(ports, versionKey(subject, version));
    return { head, record: record && readRecordId(tableName, record) };
  };
  return {
    recall,
    write: async (entry, { head }) => {
      const { message, writtenAt } = entry;
      const TransactItems = [moveHead(tableName, message, head, writtenAt), ...effectRow(tableName, entry)];
      try {
        await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
        return { kind: 'written' };
      } catch (error) {
        if (dynamoFailure(error).kind !== 'condition') throw error;
        return { kind: 'lost', stored: await recall(message) };
      }
    },
  };
}

function effectRow(tableName: string, { message, effect, expiresAt }: Entry): TransactWriteItem[] {
  if (!effect) return [];
  return [
    {
      Put: {
        TableName: tableName,
        Item: {
          ...effect,
          ...marshalKey(versionKey(message.subject, message.version)),
          expiresAt: { N: String(expiresAt) },
        },
      },
    },
  ];
}
