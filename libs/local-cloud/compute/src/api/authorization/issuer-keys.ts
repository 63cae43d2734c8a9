import { types } from 'node:util';
import type { Clock } from '@outbox/local-cloud-kernel';
import type { JSONWebKeySet } from 'jose';
import { CACHE_MS, FETCH_TIMEOUT_MS } from '../limits';

/** An issuer that can't be asked for its keys, or answers nonsense. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
}

/**
 * The keys of an issuer, found as OpenID Connect Discovery says: its document's `jwks_uri`.
 * An issuer must use https; on this machine it need not.
 * @throws IssuerError
 */
export async function fetchKeys(issuer: string): Promise<JSONWebKeySet> {
  const discovery = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const uri = discovery['jwks_uri'];
  if (typeof uri !== 'string') throw new IssuerError('its discovery document has no jwks_uri');
  const { keys } = await fetchJson(uri);
  if (!Array.isArray(keys)) throw new IssuerError('its jwks_uri has no keys');
  return { keys };
}

async function fetchJson(url: string): Promise<Record<string, unknown>> {
  if (!/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(url)) throw new IssuerError(`${url} is not https`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new IssuerError(`${url} answered ${response.status}`);
    const value: unknown = await response.json();
    if (typeof value !== 'object' || value === null) throw new IssuerError(`${url} is no JSON object`);
    return value as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof IssuerError) throw cause;
    throw new IssuerError(`${url}: ${reasonOf(cause)}`, { cause });
  }
}

/** What fetch throws says no more than "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) && error.cause.message !== '' ? error.cause.message : error.message;
}

/** Keys of issuers, asked for once in two hours of engine time; a key rotated in between is not known. */
export class IssuerKeys {
  readonly #known = new Map<string, { readonly keys: Promise<JSONWebKeySet>; readonly at: number }>();

  constructor(private readonly clock: Clock) {}

  /** @throws IssuerError, which is not remembered */
  of(issuer: string): Promise<JSONWebKeySet> {
    const now = this.clock.now();
    const known = this.#known.get(issuer);
    if (known && now - known.at < CACHE_MS) return known.keys;
    const keys = fetchKeys(issuer);
    this.#known.set(issuer, { keys, at: now });
    keys.catch(() => this.#known.delete(issuer));
    return keys;
  }
}
