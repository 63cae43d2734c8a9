import { marshalKey } from '@outbox/function-kit';
import { headItem, headKeyOf, readOptionalHead, readRecordId, recordKey } from './inbox-item';
import { loadItem } from './inbox-reader';
import { isAsSeen, type Layout, type LayoutPorts } from './layout';
import { readPending } from './pending-item';

/**
 * `in-order`: a head per subject, which is leased, and a record per event. The head never expires: without it a
 * long-lived subject's next version would look like a gap.
 */
export function inOrderLayout(ports: LayoutPorts): Layout {
  const { tableName: TableName } = ports;
  return {
    readsFirst: true,
    hasItemPerEvent: false,
    recall: async (message) => {
      const item = await loadItem(ports, headKeyOf(message.subject));
      if (!item) return {};
      const head = readOptionalHead(TableName, item);
      const pending = readPending(TableName, item);
      if (!head || message.version >= head.lastVersion) return { head, pending };
      const record = await loadItem(ports, recordKey(message));
      return { head, pending, record: record && readRecordId(TableName, record) };
    },
    leasedKey: ({ subject }) => headKeyOf(subject),
    completed: ({ message, record, writtenAt }, seen = {}) => [
      {
        TableName,
        Item: { ...headItem(message, seen.head), updatedAt: { S: writtenAt } },
        ...isAsSeen(seen),
      },
      ...(record ? [{ TableName, Item: { ...record, ...marshalKey(recordKey(message)) } }] : []),
    ],
  };
}
