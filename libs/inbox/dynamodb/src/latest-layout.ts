import { guardedPut } from './guarded-put';
import { headItem, readHead } from './inbox-item';
import { loadHeadOf } from './inbox-reader';
import type { Layout, LayoutPorts } from './layout';

/**
 * `latest`: one item per subject is head, effect and record, replaced by newer versions only. It is the current state of
 * something, so it never expires.
 */
export function latestLayout(ports: LayoutPorts): Layout {
  return {
    readsFirst: false,
    recall: async ({ subject }) => ({ head: await loadHeadOf(ports, subject) }),
    write: async ({ message, record }) => {
      const { expiresAt: _, ...lasting } = record ?? {};
      const item = { ...lasting, ...headItem(message) };
      const inTheWay = await guardedPut(ports, item, {
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        ExpressionAttributeValues: { ':version': item.lastVersion },
      });
      return inTheWay ? { kind: 'lost', stored: { head: readHead(ports.tableName, inTheWay) } } : { kind: 'written' };
    },
  };
}
