import type { HttpRequest, Problem } from '@outbox/function-kit';
import type { ParsedRequest } from '@outbox/orders-domain';
import { problems } from './problems';

/** Largest body taken, in bytes. */
export const MAX_BODY_BYTES = 128 * 1024;

export type Body<T> = { readonly value: T } | { readonly problem: Problem };

/** The body of a request, valid; or the problem to answer. */
export function readBody<T>(request: HttpRequest, parse: (value: unknown) => ParsedRequest<T>): Body<T> {
  const mediaType = request.header('content-type');
  if (!isJson(mediaType)) return { problem: problems.mediaType(mediaType) };
  const body = request.body();
  if (body.bytes > MAX_BODY_BYTES) return { problem: problems.tooLarge(body.bytes, MAX_BODY_BYTES) };
  if (!body.ok) return { problem: problems.malformed('its bytes are not UTF-8') };
  const json = parseJson(body.text);
  if (json === undefined) return { problem: problems.malformed('it does not parse as JSON') };
  const parsed = parse(json.value);
  return parsed.kind === 'valid' ? { value: parsed.value } : { problem: problems.invalid(parsed.violations) };
}

function isJson(mediaType: string | undefined): boolean {
  const [essence, ...parameters] = (mediaType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return essence === 'application/json' && (charset === undefined || /^charset="?utf-8"?$/.test(charset));
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
