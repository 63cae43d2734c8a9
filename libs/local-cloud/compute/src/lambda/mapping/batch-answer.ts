/**
 * Which messages of a batch a function has dealt with, by its answer. Everything that is not clearly a list of failures
 * counts as "all failed", because deleting on a misunderstanding would lose messages.
 * Source: Lambda developer guide, services-sqs-errorhandling, "Success and failure conditions".
 * @param payload what the function answered, JSON text
 * @returns the message ids to delete
 */
export function succeeded(
  messageIds: readonly string[],
  answer: { readonly payload: Uint8Array; readonly failed: boolean },
  reportsFailures: boolean,
): readonly string[] {
  if (answer.failed) return [];
  if (!reportsFailures) return messageIds;
  const failures = reportedFailures(Buffer.from(answer.payload).toString('utf8'));
  if (failures === 'malformed') return [];
  const known = new Set(messageIds);
  if (failures.some((id) => !known.has(id))) return [];
  const failed = new Set(failures);
  return messageIds.filter((id) => !failed.has(id));
}

function reportedFailures(text: string): readonly string[] | 'malformed' {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? 'null' : text);
  } catch {
    return 'malformed';
  }
  if (value === null) return [];
  if (Array.isArray(value) && value.length === 0) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return 'malformed';
  const list = 'batchItemFailures' in value ? value.batchItemFailures : undefined;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return 'malformed';
  const ids = list.map((item: unknown) =>
    typeof item === 'object' && item !== null && 'itemIdentifier' in item ? item.itemIdentifier : undefined,
  );
  return ids.every((id) => typeof id === 'string' && id !== '') ? (ids as string[]) : 'malformed';
}
