import { withoutRepeats, type HttpHeaders } from './http-headers';
import { invalidHeader, preconditionFailed, ProblemError, type HttpAnswer } from './problem';

/** What `If-Match` and `If-None-Match` hold: any representation, or those with one of these entity tags. */
export type EntityTags = '*' | readonly string[];

/** One element of a list of entity tags, which may be empty (RFC 9110, 5.6.1.2 and 8.8.3), and the comma after it. */
const ELEMENT = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\uffff]*")[ \t]*)?(,|$)/y;

/**
 * The entity tags of a header; undefined when the request has no such header.
 * @throws ProblemError (400, naming the header) when it is neither `*` nor a list of entity tags
 * Source: RFC 9110, 13.1.1 and 13.1.2.
 */
export function entityTags(request: HttpHeaders, name: 'If-Match' | 'If-None-Match'): EntityTags | undefined {
  const value = request.headerList(name);
  if (value === undefined) return undefined;
  if (withoutRepeats(value).trim() === '*') return '*';
  const tags: string[] = [];
  for (let at = 0, more = true; more; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const [, tag, comma] = ELEMENT.exec(value) ?? [];
    if (comma === undefined) throw malformed(name);
    if (tag !== undefined) tags.push(tag);
    more = comma === ',';
  }
  if (tags.length === 0) throw malformed(name);
  return tags;
}

function malformed(name: string): ProblemError {
  return new ProblemError(invalidHeader(name, 'takes * or entity tags in double quotes, such as "1" or "1", "2"'));
}

/** Whether `If-Match` is true of the representation with this tag: the strong comparison, where weak tags match nothing. */
export function matchesStrongly(tags: EntityTags, etag: string | undefined): boolean {
  return tags === '*' || (etag !== undefined && !isWeak(etag) && tags.includes(etag));
}

/** Whether a tag of `If-None-Match` is this one, weak or not. */
export function matchesWeakly(tags: EntityTags, etag: string | undefined): boolean {
  return tags === '*' || (etag !== undefined && tags.some((tag) => opaque(tag) === opaque(etag)));
}

/** Whether an entity tag is weak. */
export function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}

/**
 * The answer to a GET or HEAD under the request's preconditions: 412 when `If-Match` is false, 304 when `If-None-Match`
 * is. They count only where the answer is a 200. Dates are ignored: nothing here has a Last-Modified. A 304 keeps its
 * Content-Type: API Gateway would add one, text/plain, and a cache takes over what a 304 says (RFC 9111, 4.3.4).
 * Source: RFC 9110, 13.2.1, 13.2.2 and 15.4.5.
 */
export function underPreconditions(request: HttpHeaders, answer: HttpAnswer): HttpAnswer {
  if ('problem' in answer || answer.statusCode !== 200) return answer;
  const { headers = {} } = answer;
  const etag = headers['etag'] === undefined ? undefined : String(headers['etag']);
  const ifMatch = entityTags(request, 'If-Match');
  if (ifMatch && !matchesStrongly(ifMatch, etag)) return { problem: preconditionFailed('If-Match', etag) };
  const ifNoneMatch = entityTags(request, 'If-None-Match');
  return ifNoneMatch && matchesWeakly(ifNoneMatch, etag) ? { statusCode: 304, headers } : answer;
}
