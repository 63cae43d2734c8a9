import { PutEventsCommand, type EventBridgeClient, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { BusVerdict, EventBus } from '@outbox/outbox-dynamodb';
import type { SweeperConfig } from './config';

/** EventBridge answered with another number of entries than it was asked about. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** What EventBridge says when it was asked too much, of an entry or of the call. Source: API reference, PutEvents. */
const THROTTLING = 'ThrottlingException';

/** The other code of an entry that may be put again as it is. Source: API reference, PutEventsResultEntry. */
const BUS_FAILED = 'InternalFailure';

/** Codes of an entry that the bus's policies refuse, whatever it holds. Source: API reference, PutEventsResultEntry. */
const BLAMES_A_POLICY = new Set([
  'AccessDeniedException',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
]);

/** The call was refused for what an entry holds. Source: Common error types, EventBridge API reference. */
const BLAMES_AN_ENTRY = new Set([
  'ValidationException',
  'ValidationError',
  'SerializationException',
  'RequestEntityTooLargeException',
]);

/** The event bus of the stack. A successful PutEvents may still have refused entries: each is looked at. */
export function createEventBus(
  eventbridge: () => EventBridgeClient,
  { eventBusName, eventSource }: Pick<SweeperConfig, 'eventBusName' | 'eventSource'>,
): EventBus {
  const bus: EventBus = {
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
        ({ Entries: answers = [] } = await eventbridge().send(command));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const refusal = `${error.name}: ${error.message}`;
        if (error.name === THROTTLING) return entries.map(() => ({ throttled: refusal }));
        if (!BLAMES_AN_ENTRY.has(error.name)) throw error;
        if (entries.length === 1) return [refusal];
        // Which of them it is, the call doesn't say: one at a time it stops none of the others.
        const verdicts: BusVerdict[] = [];
        for (const entry of entries) verdicts.push(...(await bus.put([entry])));
        return verdicts;
      }
      if (answers.length !== entries.length) {
        throw new UnexpectedAnswer(`PutEvents took ${entries.length} entries and answered ${answers.length}`);
      }
      return answers.map(verdictOf);
    },
  };
  return bus;
}

function verdictOf({ EventId, ErrorCode, ErrorMessage }: PutEventsResultEntry): BusVerdict {
  if (EventId !== undefined) return undefined;
  const refusal = `${ErrorCode ?? 'no error code'}: ${ErrorMessage ?? 'no message'}`;
  if (ErrorCode === undefined) return refusal;
  if (ErrorCode === THROTTLING) return { throttled: refusal };
  if (ErrorCode === BUS_FAILED) return { broken: refusal };
  return BLAMES_A_POLICY.has(ErrorCode) ? { unavailable: refusal } : refusal;
}
