import { byRecognition, versionConflict, type Decision } from './decision';
import type { InboxMessage, StoredState } from './message';

/** `latest`: a newer version replaces an older one, whatever lies between; an older one is skipped. */
export function decideLatest(message: InboxMessage, { head }: StoredState): Decision {
  if (!head || head.lastVersion < message.version) return byRecognition(message);
  if (head.lastVersion > message.version) return { kind: 'skip', reason: 'superseded' };
  return head.lastEventId === message.id ? { kind: 'done' } : versionConflict(message, head.lastEventId);
}
