import { unsupported } from '@outbox/local-cloud-kernel';
import { parseJsonPattern } from './json-pattern';
import { parseTerms } from './terms';

/** Whether a log event is found. */
export type Matcher = (message: string) => boolean;

/**
 * A filter pattern: `{ $.level = "ERROR" }` for JSON events, terms for any. Patterns for space-delimited events are
 * refused. Source: CloudWatch Logs user guide, "Filter pattern syntax".
 * @throws AwsError InvalidParameterException for a pattern that breaks the syntax
 */
export function parseFilterPattern(pattern = ''): Matcher {
  const text = pattern.trim();
  if (text.startsWith('[')) throw unsupported('logs', 'FilterLogEvents', 'patterns for space-delimited events');
  return text.startsWith('{') ? parseJsonPattern(text) : parseTerms(text);
}
