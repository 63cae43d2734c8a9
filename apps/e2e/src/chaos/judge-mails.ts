import type { CommittedEvent } from './committed-event';
import type { Finding } from './finding';
import type { OutsideMessage } from './judge-outside';
import type { Row } from './rows';

type Problem = Pick<Finding, 'kind' | 'detail'>;

/**
 * One mail for each version of an order, in their order: by what was sent to its customer, who has no other order, and by
 * what the consumer that sends them recorded. Pure.
 */
export function judgeMails(
  events: readonly CommittedEvent[],
  records: readonly Row[],
  messages: readonly OutsideMessage[],
): Problem[] {
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const ofVersions = events.map(({ id, version }) => {
    const record = records.find(({ eventId }) => eventId === id);
    return { version, record, message: byId.get(String(record?.['effect.messageId'])) };
  });
  const recorded = new Set(ofVersions.map(({ message }) => message?.messageId));
  return [
    ...ofVersions.flatMap(({ version, record, message }): Problem[] => {
      if (message === undefined) return [{ kind: 'lost', detail: `mail: none was sent for version ${version}` }];
      if (message.text === record?.['effect.message']) return [];
      return [{ kind: 'lost', detail: `mail: ${message.messageId} says ${message.text} for version ${version}` }];
    }),
    ...messages
      .filter(({ messageId }) => !recorded.has(messageId))
      .map(({ messageId }): Problem => ({ kind: 'duplicated', detail: `mail: ${messageId} is for no version` })),
    ...ofVersions.slice(1).flatMap(({ version, message }, index): Problem[] => {
      const before = ofVersions[index]?.message;
      if (before === undefined || message === undefined || before.sentAt <= message.sentAt) return [];
      return [{ kind: 'reordered', detail: `mail: version ${version} was told before the one before it` }];
    }),
  ];
}
