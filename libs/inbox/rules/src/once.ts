import { versionConflict, type Decision } from './decision';
import type { InboxMessage, StoredState } from './message';

/**
 * `once`: one effect per subject and type, in any order; for types that occur once in a subject's life. A second event
 * of the type is a conflict, so that a wrong choice of policy is seen instead of losing effects.
 */
export function decideOnce(message: InboxMessage, { record }: StoredState): Decision {
  if (!record) return { kind: 'apply' };
  if (record.eventId === message.id) return { kind: 'done' };
  return versionConflict(
    `type ${message.type} of ${message.subject} (version ${record.version})`,
    record.eventId,
    message.id,
  );
}
