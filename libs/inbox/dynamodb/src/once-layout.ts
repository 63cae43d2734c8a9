import { marshalKey } from '@outbox/function-kit';
import { NOTHING_STORED } from '@outbox/inbox-rules';
import { guardedPut } from './guarded-put';
import { readRecordId, typeKey } from './inbox-item';
import type { Layout, LayoutPorts } from './layout';

/** `once`: the effect is the inbox record, one item per type, written if it is not there yet. */
export function onceLayout(ports: LayoutPorts): Layout {
  return {
    recall: () => Promise.resolve(NOTHING_STORED),
    write: async ({ message, effect, expiresAt }) => {
      const item = {
        ...effect,
        ...marshalKey(typeKey(message.subject, message.type)),
        expiresAt: { N: String(expiresAt) },
      };
      const inTheWay = await guardedPut(ports, item, { ConditionExpression: 'attribute_not_exists(pk)' });
      return inTheWay
        ? { kind: 'lost', stored: { record: readRecordId(ports.tableName, inTheWay) } }
        : { kind: 'written' };
    },
  };
}
