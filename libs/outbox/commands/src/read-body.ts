import {
  contentCodings,
  parseMediaType,
  type HttpRequest,
  type Problem,
  type ProblemDetail,
} from '@outbox/function-kit';
import { unsendablePath } from '@outbox/outbox-rules';
import type { CommandProblems } from './problems';

/** Largest body taken, in bytes. */
export const MAX_BODY_BYTES = 128 * 1024;

/** What a domain makes of a body: a command, or every invalid part of the body by its JSON pointer. */
export type ParsedBody<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly violations: readonly ProblemDetail[] };

export type Body<T> = { readonly value: T } | { readonly problem: Problem };

/** Media types of bodies. A change is a merge patch in effect: what it names is replaced (RFC 7396). */
const JSON_ONLY = ['application/json'];
const PATCH = ['application/json', 'application/merge-patch+json'];

/** The body of a request, valid, all of its text fit for an event; or the problem to answer. */
export function readBody<T>(
  problems: CommandProblems,
  request: HttpRequest,
  parse: (value: unknown) => ParsedBody<T>,
): Body<T> {
  const unsupported = unsupportedContent(problems, request);
  if (unsupported) return { problem: unsupported };
  const body = request.body();
  if (body.bytes > MAX_BODY_BYTES) {
    return { problem: problems.tooLarge(`${body.bytes} bytes, at most ${MAX_BODY_BYTES} are taken`) };
  }
  if (!body.ok) return { problem: problems.malformed('its bytes are not UTF-8') };
  const json = parseJson(body.text);
  if (json === undefined) return { problem: problems.malformed(whyNotJson(body.text)) };
  const parsed = parse(json.value);
  if (parsed.kind === 'invalid') return { problem: problems.invalid(parsed.violations) };
  const unsendable = unsendablePath(json.value);
  if (unsendable === undefined) return { value: parsed.value };
  const detail = 'must not hold half of a surrogate pair, U+FFFE or U+FFFF';
  return { problem: problems.invalid([{ pointer: pointer(unsendable), detail }]) };
}

/** Source: RFC 9110, 15.5.16; RFC 8259, 8.1: JSON is UTF-8, whatever else a charset may say. */
function unsupportedContent(problems: CommandProblems, request: HttpRequest): Problem | undefined {
  const isPatch = request.method === 'PATCH';
  const accepted = isPatch ? PATCH : JSON_ONLY;
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

/** RFC 6901. */
function pointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
