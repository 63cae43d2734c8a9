import { compilePattern, isJsonObject, parseForMatching, type Json } from '@outbox/local-cloud-pattern';
import type { SqsRecord } from './queue-record';

/** Whether a function or a pipe is to see a record. */
export type RecordFilter = (record: SqsRecord) => boolean;

/**
 * A record passes when one pattern matches it; without patterns every record does. `body` is looked into when it is
 * JSON and a plain text otherwise, so a pattern of the other kind matches none: AWS drops those messages.
 * Source: Lambda developer guide, with-sqs-filtering.
 */
export function recordFilter(patterns: readonly string[]): RecordFilter {
  if (patterns.length === 0) return () => true;
  const compiled = patterns.map(compilePattern);
  return (record) => {
    const body = parseForMatching(String(record['body']));
    const opened = isJsonObject(body) || Array.isArray(body) ? { ...record, body } : record;
    return compiled.some((pattern) => pattern.matches(opened as { [key: string]: Json }));
  };
}
