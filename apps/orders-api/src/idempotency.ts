import { createHash } from 'node:crypto';
import { formatUuid, principalOf, type HttpRequest, type Problem } from '@outbox/function-kit';
import type { RequestMark } from '@outbox/orders-dynamodb';
import type { Ports } from './ports';
import { problems } from './problems';

/** How a repeated request is recognised. */
export interface RequestIdentity {
  readonly mark: RequestMark;
  /** The same for the same key, principal and route; a fresh one without a key. */
  readonly id: string;
}

/** Keys of anonymous callers share one space: they must be long enough not to meet by chance. */
const MIN_ANONYMOUS_KEY = 16;
const MAX_KEY = 255;

/**
 * Derives the identity of a request from its Idempotency-Key. Without a key it is one nobody can repeat, which still
 * lets a try whose answer got lost recognise its own write.
 */
export function identify(
  { config, ids, random }: Ports,
  request: HttpRequest,
  route: string,
  body: unknown,
): RequestIdentity | { readonly problem: Problem } {
  const bodyHash = sha256(JSON.stringify(body)).toString('hex');
  const key = request.header('Idempotency-Key');
  if (key === undefined) {
    if (config.requireIdempotencyKey) return { problem: problems.keyMissing() };
    return { id: ids.next(), mark: { keyHash: Buffer.from(random(32)).toString('hex'), bodyHash, keyless: true } };
  }
  const principal = principalOf(request);
  const shortest = principal.anonymous ? MIN_ANONYMOUS_KEY : 1;
  if (key.length < shortest || key.length > MAX_KEY) return { problem: problems.keyUnusable(shortest, MAX_KEY) };
  const hash = sha256(lengthPrefixed(principal.name, route, key));
  return { id: formatUuid(hash, 8), mark: { keyHash: hash.toString('hex'), bodyHash } };
}

/** No two lists of parts give the same text. */
function lengthPrefixed(...parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
