import { NOTHING_STORED } from '@outbox/inbox-rules';
import { guardedPut } from './guarded-put';
import { headItem, readHead } from './inbox-item';
import type { Layout, LayoutPorts } from './layout';

/**
 * `latest`: one item per subject is head, effect and inbox record, replaced by newer versions only. It is the current
 * state of something, so it never expires.
 */
export function latestLayout(ports: LayoutPorts): Layout {
  return {
    recall: () => Promise.resolve(NOTHING_STORED),
    write: async ({ message, effect }) => {
      const item = { ...effect, ...headItem(message) };
      const inTheWay = await guardedPut(ports, item, {
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        ExpressionAttributeValues: { ':version': item.lastVersion },
      });
      return inTheWay ? { kind: 'lost', stored: { head: readHead(ports.tableName, inTheWay) } } : { kind: 'written' };
    },
  };
}
