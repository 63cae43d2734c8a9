import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { missedItem, missedKey, readMissed, type Missed } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { LayoutPorts } from './layout';

/** What a note is judged by. */
export interface NoteRules {
  /** A consumer that hasn't looked for longer could not work. */
  readonly standstillSeconds: number;
  /** The last version that the consumer has done; 0 if there is none. */
  readonly lastVersion: number;
}

/** Of the standstill: a note that says when the consumer last looked is at most this much behind. */
const LATE_SHARE = 0.25;

/**
 * Since when the consumer has missed this version, milliseconds since the epoch: `now` the first time, which is noted in an
 * item of the subject. It counts from `now` again if the consumer hasn't looked for `standstillSeconds`: it could not work
 * meanwhile, and the version may be among what waits for it. Two that ask at the same time may both be the first; then the
 * later note stands. While an earlier version is missed, this one isn't yet: of a subject that may begin anywhere each
 * message misses the version before its own, and they would begin each other's wait anew.
 * @throws CorruptItemError
 */
export async function noteMissed(
  ports: LayoutPorts,
  missed: Omit<Missed, 'since'>,
  { standstillSeconds, lastVersion }: NoteRules,
): Promise<number> {
  const { tableName: TableName, dynamodb } = ports;
  const { subject, version, now } = missed;
  const item = await loadItem(ports, missedKey(subject));
  const noted = item && readMissed(TableName, item);
  const note = async (since: number): Promise<number> => {
    await dynamodb.send(new PutItemCommand({ TableName, Item: missedItem({ ...missed, since }) }));
    return since;
  };
  const unseenMs = now - (noted?.lookedAt ?? -Infinity);
  const standstillMs = standstillSeconds * 1_000;
  if (!noted || unseenMs > standstillMs) return note(now);
  if (noted.version > lastVersion && noted.version < version) return now;
  if (noted.version !== version) return note(now);
  return unseenMs > LATE_SHARE * standstillMs ? note(noted.since) : noted.since;
}
