import { byRecognition, versionConflict, type Decision } from './decision';
import type { InboxMessage, StoredState } from './message';

/** `once`: each event once, in any order. */
export function decideOnce(message: InboxMessage, { record }: StoredState): Decision {
  if (!record) return byRecognition(message);
  return record.eventId === message.id ? { kind: 'done' } : versionConflict(message, record.eventId);
}
