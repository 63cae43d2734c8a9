import type { Item } from '@outbox/function-kit';
import type { StoredState } from '@outbox/inbox-rules';
import { headItem, headKeyOf, readOptionalHead } from './inbox-item';
import { loadItem } from './inbox-reader';
import { isAsSeen, type Layout, type LayoutPorts } from './layout';
import { readPending } from './pending-item';

/**
 * `latest`: one item per subject is head, effect and record, replaced by newer versions only, and leased. It is the
 * current state of something, so it never expires.
 */
export function latestLayout(ports: LayoutPorts): Layout {
  const { tableName: TableName } = ports;
  const stateOf = (item: Item): StoredState => ({
    head: readOptionalHead(TableName, item),
    pending: readPending(TableName, item),
  });
  return {
    readsFirst: false,
    hasItemPerEvent: false,
    recall: async ({ subject }) => {
      const item = await loadItem(ports, headKeyOf(subject));
      return item ? stateOf(item) : {};
    },
    stateOf,
    leasedKey: ({ subject }) => headKeyOf(subject),
    completed: ({ message, record }, seen) => {
      const { expiresAt: _, ...lasting } = record ?? {};
      const Item = { ...lasting, ...headItem(message) };
      if (seen) return [{ TableName, Item, ...isAsSeen(seen) }];
      const newest = {
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        ExpressionAttributeValues: { ':version': Item.lastVersion },
      };
      return [{ TableName, Item, ...newest }];
    },
  };
}
