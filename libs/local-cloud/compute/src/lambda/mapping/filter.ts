import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { compilePattern, InvalidEventPattern } from '@outbox/local-cloud-pattern';
import { invalidParameter } from '../errors';
import { MAX_FILTERS, MAX_PATTERN } from '../limits';

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
