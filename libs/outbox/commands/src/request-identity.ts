import { createHash } from 'node:crypto';
import { formatUuid, principalOf, type HttpRequest, type Ids, type Problem } from '@outbox/function-kit';
import type { CommandProblems } from './problems';
import type { RequestMark } from './request-marks';

/** How a repeated request is recognised. */
export interface RequestIdentity {
  /** The same for the same key, principal and route; a fresh one without a key. */
  readonly id: string;
  /** Undefined: it came without a key, and nobody can repeat it. */
  readonly hashes?: Pick<RequestMark, 'keyHash' | 'bodyHash'>;
}

/** Keys of anonymous callers share one space: they must be long enough not to meet by chance. */
const MIN_ANONYMOUS_KEY = 16;
const MAX_KEY = 255;

/** What identities are made of. */
export interface IdentityPorts {
  readonly ids: Ids;
  readonly problems: CommandProblems;
  readonly requireIdempotencyKey: boolean;
}

/** Derives the identity of a request from its Idempotency-Key and its parsed body. */
export function identify(
  { ids, problems, requireIdempotencyKey }: IdentityPorts,
  request: HttpRequest,
  body: unknown,
): RequestIdentity | { readonly problem: Problem } {
  const key = request.header('Idempotency-Key');
  if (key === undefined) return requireIdempotencyKey ? { problem: problems.keyMissing() } : { id: ids.next() };
  const principal = principalOf(request);
  const shortest = principal.anonymous ? MIN_ANONYMOUS_KEY : 1;
  if (key.length < shortest || key.length > MAX_KEY) return { problem: problems.keyUnusable(shortest, MAX_KEY) };
  const parameters = Object.keys(request.parameters)
    .sort()
    .map((name) => request.parameters[name] ?? '');
  const hash = sha256(lengthPrefixed(principal.name, request.route, ...parameters, key));
  const bodyHash = sha256(JSON.stringify(body)).toString('hex');
  return { id: formatUuid(hash, 8), hashes: { keyHash: hash.toString('hex'), bodyHash } };
}

/** No two lists of parts give the same text. */
function lengthPrefixed(...parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
