import { contentCodings, parseMediaType, type HttpRequest, type Problem } from '@outbox/function-kit';
import type { ParsedRequest } from '@outbox/orders-domain';
import { problems } from './problems';

/** Largest body taken, in bytes. */
export const MAX_BODY_BYTES = 128 * 1024;

export type Body<T> = { readonly value: T } | { readonly problem: Problem };

/** Media types of bodies. A change is a merge patch in effect: what it names is replaced (RFC 7396). */
const NEW_ORDER = ['application/json'];
const CHANGE = ['application/json', 'application/merge-patch+json'];

/** The body of a request, valid; or the problem to answer. */
export function readBody<T>(request: HttpRequest, parse: (value: unknown) => ParsedRequest<T>): Body<T> {
  const unsupported = unsupportedContent(request);
  if (unsupported) return { problem: unsupported };
  const body = request.body();
  if (body.bytes > MAX_BODY_BYTES) return { problem: problems.tooLarge(body.bytes, MAX_BODY_BYTES) };
  if (!body.ok) return { problem: problems.malformed('its bytes are not UTF-8') };
  const json = parseJson(body.text);
  if (json === undefined) return { problem: problems.malformed(whyNotJson(body.text)) };
  const parsed = parse(json.value);
  return parsed.kind === 'valid' ? { value: parsed.value } : { problem: problems.invalid(parsed.violations) };
}

/** Source: RFC 9110, 15.5.16; RFC 8259, 8.1: JSON is UTF-8, whatever else a charset may say. */
function unsupportedContent(request: HttpRequest): Problem | undefined {
  const isPatch = request.method === 'PATCH';
  const accepted = isPatch ? CHANGE : NEW_ORDER;
  const sent = request.header('Content-Type');
  const type = parseMediaType(sent ?? '');
  if (!type || !accepted.includes(type.essence) || !type.charsets.every((charset) => charset === 'utf-8')) {
    return problems.mediaType(sent, accepted, isPatch);
  }
  const codings = contentCodings(request.headerList('Content-Encoding'));
  return codings.length > 0 ? problems.contentCoding(codings) : undefined;
}

function whyNotJson(text: string): string {
  if (text === '') return 'it is empty';
  return text.startsWith('\ufeff') ? 'it starts with a byte order mark' : 'it does not parse as JSON';
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
