import { NOTHING_STORED } from '@outbox/inbox-rules';
import { guardedPut } from './guarded-put';
import { recordOf, type Layout, type LayoutPorts } from './layout';
import { typeKey } from './inbox-item';

/** `once`: the effect is the inbox record, one item per type, written if it is not there yet. */
export function onceLayout(ports: LayoutPorts): Layout {
  return {
    recall: () => Promise.resolve(NOTHING_STORED),
    write: async ({ message, effect, expiresAt }) => {
      const item = {
        ...effect,
        pk: { S: message.subject },
        sk: { S: typeKey(message.type) },
        expiresAt: { N: String(expiresAt) },
      };
      const inTheWay = await guardedPut(ports, item, { ConditionExpression: 'attribute_not_exists(pk)' });
      return inTheWay ? { kind: 'lost', stored: { record: recordOf(inTheWay) } } : { kind: 'written' };
    },
  };
}
