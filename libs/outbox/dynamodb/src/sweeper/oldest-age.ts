import {
  backingOff,
  isUnpublished,
  oldestUnpublishedAge,
  type StoredOutboxItem,
  type UnpublishedKey,
} from '@outbox/outbox-rules';
import { readItem } from '../table/outbox-reader';
import type { SweeperPorts } from './ports';

/** Events in the middle of their back-off that are read for the age of the oldest. */
const BACKING_OFF_SAMPLE = 10;

/**
 * The age in milliseconds of the oldest among `unpublished`. `seen` are those that were read, with the item if it still
 * waits: of them it is exact; of those backing off the furthest are read too, since they have waited longest; the rest
 * is judged by its key.
 */
export async function oldestAge(
  ports: SweeperPorts,
  unpublished: readonly UnpublishedKey[],
  seen: ReadonlyMap<UnpublishedKey, StoredOutboxItem | undefined>,
  now: number,
): Promise<number> {
  const { thresholdMs } = ports.policy;
  const rest = unpublished.filter((key) => !seen.has(key));
  const furthest = backingOff(now, thresholdMs, rest)
    .sort((a, b) => Date.parse(b.dueAt) - Date.parse(a.dueAt))
    .slice(0, BACKING_OFF_SAMPLE);
  const read = new Map(seen);
  await Promise.all(
    furthest.map(async (key) => {
      try {
        const item = await readItem(ports.table, key);
        read.set(key, isUnpublished(item, item?.id ?? '') ? item : undefined);
      } catch (error) {
        ports.logger.warn('event could not be read', { pk: key.pk, sk: key.sk, error });
      }
    }),
  );
  const unread = unpublished.filter((key) => !read.has(key));
  const waiting = [...read.values()].flatMap((item) => item ?? []);
  return oldestUnpublishedAge(now, thresholdMs, unread, waiting);
}
