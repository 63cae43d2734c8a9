import { PutEventsCommand, type EventBridgeClient, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { BusVerdict, EventBus } from '@outbox/outbox-dynamodb';
import type { SweeperConfig } from './config';

/** EventBridge answered with another number of entries than it was asked about. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** What EventBridge says when it was asked too much, of an entry or of the call. Source: API reference, PutEvents. */
const THROTTLING = 'ThrottlingException';

/** The event bus of the stack. A successful PutEvents may still have refused entries: each is looked at. */
export function createEventBus(
  eventbridge: EventBridgeClient,
  { eventBusName, eventSource }: Pick<SweeperConfig, 'eventBusName' | 'eventSource'>,
): EventBus {
  return {
    put: async (entries) => {
      const command = new PutEventsCommand({
        Entries: entries.map(({ type, detail }) => ({
          EventBusName: eventBusName,
          Source: eventSource,
          DetailType: type,
          Detail: detail,
        })),
      });
      let answers: readonly PutEventsResultEntry[];
      try {
        ({ Entries: answers = [] } = await eventbridge.send(command));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== THROTTLING) throw error;
        return entries.map(() => ({ throttled: `${error.name}: ${error.message}` }));
      }
      if (answers.length !== entries.length) {
        throw new UnexpectedAnswer(`PutEvents took ${entries.length} entries and answered ${answers.length}`);
      }
      return answers.map(verdictOf);
    },
  };
}

function verdictOf({ EventId, ErrorCode, ErrorMessage }: PutEventsResultEntry): BusVerdict {
  if (EventId !== undefined) return undefined;
  const refusal = `${ErrorCode ?? 'no error code'}: ${ErrorMessage ?? 'no message'}`;
  return ErrorCode === THROTTLING ? { throttled: refusal } : refusal;
}
