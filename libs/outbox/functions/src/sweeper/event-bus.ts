import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '@outbox/outbox-dynamodb';
import type { SweeperConfig } from './config';

/** EventBridge answered with another number of entries than it was asked about. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** The event bus of the stack. A successful PutEvents may still have refused entries: each is looked at. */
export function createEventBus(
  eventbridge: EventBridgeClient,
  { eventBusName, eventSource }: Pick<SweeperConfig, 'eventBusName' | 'eventSource'>,
): EventBus {
  return {
    put: async (entries) => {
      const { Entries: answers = [] } = await eventbridge.send(
        new PutEventsCommand({
          Entries: entries.map(({ type, detail }) => ({
            EventBusName: eventBusName,
            Source: eventSource,
            DetailType: type,
            Detail: detail,
          })),
        }),
      );
      if (answers.length !== entries.length) {
        throw new UnexpectedAnswer(`PutEvents took ${entries.length} entries and answered ${answers.length}`);
      }
      return answers.map(({ EventId, ErrorCode, ErrorMessage }) =>
        EventId === undefined ? `${ErrorCode ?? 'no error code'}: ${ErrorMessage ?? 'no message'}` : undefined,
      );
    },
  };
}
