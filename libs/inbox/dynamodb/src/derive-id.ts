import { createHash } from 'node:crypto';
import { formatUuid } from '@outbox/function-kit';

/** What an id is for; ids of different kinds never coincide. */
type Kind = 'key' | 'event' | 'aggregate';

/**
 * An id that follows from the consumer and the event it handles, a UUIDv8 (RFC 9562): whoever handles the event again
 * derives the same. Consumers' names hold no line feed.
 */
export function deriveId(kind: Kind, consumer: string, eventId: string, index = 0): string {
  return formatUuid(createHash('sha256').update([kind, consumer, index, eventId].join('\n')).digest(), 8);
}
