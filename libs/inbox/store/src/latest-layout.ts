import { NOTHING_STORED } from '@outbox/inbox-rules';
import { guardedPut } from './guarded-put';
import { headOf, type Layout, type LayoutPorts } from './layout';
import { HEAD_KEY } from './inbox-item';

/**
 * `latest`: one item per subject is head, effect and inbox record, replaced by newer versions only. It is the current
 * state of something, so it never expires.
 */
export function latestLayout(ports: LayoutPorts): Layout {
  return {
    recall: () => Promise.resolve(NOTHING_STORED),
    write: async ({ message, effect }) => {
      const version = { N: String(message.version) };
      const item = {
        ...effect,
        pk: { S: message.subject },
        sk: { S: HEAD_KEY },
        lastVersion: version,
        lastEventId: { S: message.id },
      };
      const inTheWay = await guardedPut(ports, item, {
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        ExpressionAttributeValues: { ':version': version },
      });
      return inTheWay ? { kind: 'lost', stored: { head: headOf(inTheWay) } } : { kind: 'written' };
    },
  };
}
