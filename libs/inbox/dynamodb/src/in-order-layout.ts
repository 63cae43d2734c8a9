import { TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { dynamoFailure, marshalKey } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';
import { moveHead, readRecordId, recordKey } from './inbox-item';
import { loadHeadOf, loadItem } from './inbox-reader';
import type { Entry, Layout, LayoutPorts } from './layout';

/**
 * `in-order`: a head per subject and a record per event, written in one transaction on condition that the head has not
 * moved since it was read. The head never expires: without it a long-lived subject's next version would look like a gap.
 */
export function inOrderLayout(ports: LayoutPorts): Layout {
  const { dynamodb, tableName } = ports;
  const recall = async (message: InboxMessage): Promise<StoredState> => {
    const head = await loadHeadOf(ports, message.subject);
    if (!head || message.version >= head.lastVersion) return { head };
    const record = await loadItem(ports, recordKey(message));
    return { head, record: record && readRecordId(tableName, record) };
  };
  return {
    readsFirst: true,
    recall,
    write: async (entry, { head }) => {
      const { message, writtenAt } = entry;
      const TransactItems = [moveHead(tableName, message, head, writtenAt), ...recordRow(tableName, entry)];
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

function recordRow(TableName: string, { message, record }: Entry): TransactWriteItem[] {
  return record ? [{ Put: { TableName, Item: { ...record, ...marshalKey(recordKey(message)) } } }] : [];
}
