import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '@outbox/local-cloud-kernel';
import { emptyBatch, invalidEntryId, repeatedEntryId, tooManyEntries } from './errors';
import { MAX_ENTRIES } from './limits';

/** @throws AwsError for what makes the whole batch fail: no entries, too many, bad or repeated ids */
export function checkEntries<E extends { Id: string | undefined }>(
  entries: readonly E[] | undefined,
  entryType: string,
): readonly (E & { Id: string })[] {
  if (!entries || entries.length === 0) throw emptyBatch(entryType);
  if (entries.length > MAX_ENTRIES) throw tooManyEntries(entries.length);
  const seen = new Set<string>();
  return entries.map((entry) => {
    const id = entry.Id ?? '';
    if (!/^[\w-]{1,80}$/.test(id)) throw invalidEntryId();
    if (seen.has(id)) throw repeatedEntryId(id);
    seen.add(id);
    return { ...entry, Id: id };
  });
}

/**
 * Runs every entry by itself: what AWS refuses goes into `Failed`, faults of the engine are thrown. An answer has no
 * empty `Failed`: clients take its presence for a failure.
 */
export function runEntries<E extends { Id: string }, R>(
  entries: readonly E[],
  run: (entry: E) => R,
): { Successful: (R & { Id: string })[]; Failed: BatchResultErrorEntry[] | undefined } {
  const successful: (R & { Id: string })[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      successful.push({ ...run(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.fault === 'client',
        Code: error.queryCode ?? error.code,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, Failed: failed.length > 0 ? failed : undefined };
}
