import type { AggregateId } from '../aggregate-id';
import { eventsOf, isAbout, type DeadLetter } from './dead-letter';

/** Which dead letters are meant; what is absent doesn't matter. */
export interface LetterFilter {
  /** Message ids, any of them; none: whichever. */
  readonly messages: readonly string[];
  readonly reason?: string;
  /** Event type. */
  readonly type?: string;
  readonly about?: AggregateId;
  /** When it was sent, epoch milliseconds: from `since` on, before `before`. */
  readonly since?: number;
  readonly before?: number;
}

/** Whether a dead letter is meant. One whose time isn't known is not meant where a time is given. */
export function isMeant(letter: DeadLetter, { messages, reason, type, about, since, before }: LetterFilter): boolean {
  const sentAt = letter.sentAt === undefined ? Number.NaN : Date.parse(letter.sentAt);
  return (
    (messages.length === 0 || messages.includes(letter.messageId)) &&
    (reason === undefined || letter.reason === reason) &&
    (type === undefined || eventsOf(letter).some((event) => event.type === type)) &&
    (about === undefined || isAbout(letter, about)) &&
    (since === undefined || sentAt >= since) &&
    (before === undefined || sentAt < before)
  );
}

/** Whether a filter means less than all. */
export function meansSome({ messages, ...others }: LetterFilter): boolean {
  return messages.length > 0 || Object.values(others).some((value) => value !== undefined);
}
