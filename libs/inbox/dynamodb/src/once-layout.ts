import { marshalKey } from '@outbox/function-kit';
import { guardedPut } from './guarded-put';
import { readRecordId, recordKey } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { Layout, LayoutPorts } from './layout';

/** `once`: an item per event, which is its effect and its record, written if it is not there yet. */
export function onceLayout(ports: LayoutPorts): Layout {
  return {
    readsFirst: false,
    recall: async (message) => {
      const item = await loadItem(ports, recordKey(message));
      return item ? { record: readRecordId(ports.tableName, item) } : {};
    },
    write: async ({ message, record }) => {
      const item = { ...record, ...marshalKey(recordKey(message)) };
      const inTheWay = await guardedPut(ports, item, { ConditionExpression: 'attribute_not_exists(pk)' });
      return inTheWay
        ? { kind: 'lost', stored: { record: readRecordId(ports.tableName, inTheWay) } }
        : { kind: 'written' };
    },
  };
}
