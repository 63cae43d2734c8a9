import type { FilterCriteria } from '@aws-sdk/client-lambda';
import {
  compilePattern,
  InvalidEventPattern,
  isJsonObject,
  parseForMatching,
  type Json,
} from '@outbox/local-cloud-pattern';
import { invalidParameter } from '../errors';
import type { SqsRecord } from './records';
import { MAX_FILTERS, MAX_PATTERN } from '../limits';

/** Whether a function is to see a record. */
export type RecordFilter = (record: SqsRecord) => boolean;

/**
 * The patterns of a request, checked.
 * @throws AwsError `InvalidParameterValueException` for too many filters, and patterns that are none
 */
export function readFilters(criteria: FilterCriteria): readonly string[] {
  const patterns = (criteria.Filters ?? []).map(({ Pattern }) => Pattern ?? '');
  if (patterns.length > MAX_FILTERS) {
    throw invalidParameter(
      `An event source mapping has ${patterns.length} filters, which exceeds the limit of ${MAX_FILTERS}.`,
    );
  }
  for (const pattern of patterns) if (!isPattern(pattern)) throw invalidParameter('Invalid filter pattern definition.');
  return patterns;
}

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

function isPattern(text: string): boolean {
  if (text.length > MAX_PATTERN) return false;
  try {
    compilePattern(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidEventPattern) return false;
    throw error;
  }
}
