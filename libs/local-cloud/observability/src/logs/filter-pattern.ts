import { unsupported } from '@outbox/local-cloud-kernel';

/**
 * A filter pattern for unstructured events: every term must occur, of `?term`s one must, no `-term` may; terms are
 * case-sensitive, quotes hold spaces together. JSON, space-delimited and regular-expression patterns are refused.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax".
 */
export function parseFilterPattern(pattern = ''): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) throw unsupported('logs', 'FilterLogEvents', `the filter pattern ${text}`);
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    term: quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '',
  }));
  const signed = (sign: string): string[] => terms.filter((term) => term.sign === sign).map(({ term }) => term);
  const [all, some, none] = [signed(''), signed('?'), signed('-')];
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (some.length === 0 || some.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}
