import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { compilePattern, InvalidEventPattern } from '@outbox/local-cloud-pattern';
import { invalidParameter } from '../errors';

/** Filters of one mapping, and characters of a pattern. Source: Lambda developer guide, invocation-eventfiltering; API reference, Filter. */
const MAX_FILTERS = 5;
const MAX_PATTERN = 4096;

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
