import { versionConflict, type Decision } from './decision';
import type { InboxMessage, StoredState } from './message';

/** `latest`: a newer version replaces an older one, whatever lies between; an older one is skipped. */
export function decideLatest(message: InboxMessage, { head }: StoredState): Decision {
  if (!head || head.lastVersion < message.version) return { kind: 'apply' };
  if (head.lastVersion > message.version) return { kind: 'skip', reason: 'superseded' };
  if (head.lastEventId === message.id) return { kind: 'done' };
  return versionConflict(`version ${message.version} of ${message.subject}`, head.lastEventId, message.id);
}
