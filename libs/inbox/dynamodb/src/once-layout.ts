import { marshalKey, type Item } from '@outbox/function-kit';
import type { StoredState } from '@outbox/inbox-rules';
import { readRecordId, recordKey } from './inbox-item';
import { loadItem } from './inbox-reader';
import { isAsSeen, type Layout, type LayoutPorts } from './layout';
import { readPending } from './pending-item';

/** `once`: an item per event, which is its record with its effect once it is completed; that item is leased. */
export function onceLayout(ports: LayoutPorts): Layout {
  const { tableName: TableName } = ports;
  const stateOf = (item: Item): StoredState => {
    const pending = readPending(TableName, item);
    return pending ? { pending } : { record: readRecordId(TableName, item) };
  };
  return {
    readsFirst: false,
    hasItemPerEvent: true,
    recall: async (message) => {
      const item = await loadItem(ports, recordKey(message));
      return item ? stateOf(item) : {};
    },
    stateOf,
    leasedKey: recordKey,
    completed: ({ message, record }, seen = {}) => [
      { TableName, Item: { ...record, ...marshalKey(recordKey(message)) }, ...isAsSeen(seen) },
    ],
  };
}
