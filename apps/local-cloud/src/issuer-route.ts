import type { IncomingMessage } from 'node:http';
import {
  jsonRoute,
  noSuchPath,
  readText,
  type Clock,
  type HttpRoute,
  type StateStore,
  type JsonAnswer,
} from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';

/** What the issuer stands on. */
export interface IssuerPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly store: StateStore;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

const PREFIX = '/_local/issuer';
const ALGORITHM = 'RS256';

/** How long a token is good for unless told, and at the most, in seconds. */
const LIFETIME_SECONDS = 3_600;
const MAX_LIFETIME_SECONDS = 7 * 24 * 3_600;

/** Claims that the issuer sets itself. */
const OWN_CLAIMS = ['iss', 'iat', 'nbf', 'exp'];

/**
 * An OpenID Connect issuer for JWT authorizers to try out: `GET …/.well-known/openid-configuration`, `GET …/jwks`, and
 * `POST …/token` `{"sub", "aud", "scope", "expiresIn"}`, which answers a token with those claims (and any others sent)
 * to whoever asks: it guards nothing. Its key is made once and kept with the engine's state.
 */
export function issuerRoute(ports: IssuerPorts): HttpRoute {
  const issuer = new Issuer(ports);
  return jsonRoute(PREFIX, (request) => answer(request, issuer));
}

async function answer(request: IncomingMessage, issuer: Issuer): Promise<JsonAnswer> {
  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case `GET ${PREFIX}/.well-known/openid-configuration`:
      return [200, issuer.discovery()];
    case `GET ${PREFIX}/jwks`:
      return [200, { keys: [await issuer.publicKey()] }];
    case `POST ${PREFIX}/token`:
      return issue(request, issuer);
    default:
      return noSuchPath(request, request.url);
  }
}

async function issue(request: IncomingMessage, issuer: Issuer): Promise<JsonAnswer> {
  const wanted = readClaims(await readText(request));
  if (typeof wanted === 'string') return [400, { message: wanted }];
  return [200, await issuer.issue(wanted.claims, wanted.expiresIn)];
}

/** The claims and lifetime of a request for a token, or what is wrong with it. */
function readClaims(
  text: string | undefined,
): { readonly claims: Record<string, unknown>; readonly expiresIn: number } | string {
  const body = parseJson(text ?? '');
  if (body === undefined) return 'The body must be JSON, such as {"sub": "ada", "aud": "orders"}';
  if (!isJsonObject(body)) return 'The body must be a JSON object';
  const { expiresIn = LIFETIME_SECONDS, ...claims } = body;
  if (typeof claims['sub'] !== 'string' || claims['sub'] === '') return 'sub must be a text';
  if (typeof expiresIn !== 'number' || !Number.isInteger(expiresIn) || Math.abs(expiresIn) > MAX_LIFETIME_SECONDS) {
    return `expiresIn must be a whole number of seconds, at most ${MAX_LIFETIME_SECONDS}; below 0 for a token that is over`;
  }
  const own = OWN_CLAIMS.find((name) => Object.hasOwn(claims, name));
  return own === undefined ? { claims, expiresIn } : `${own} is set by the issuer`;
}

class Issuer {
  readonly #url: string;
  #key: Promise<JWK> | undefined;

  constructor(private readonly ports: IssuerPorts) {
    this.#url = `${ports.origin}${PREFIX}`;
  }

  discovery(): Record<string, unknown> {
    return {
      issuer: this.#url,
      jwks_uri: `${this.#url}/jwks`,
      token_endpoint: `${this.#url}/token`,
      id_token_signing_alg_values_supported: [ALGORITHM],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    };
  }

  async publicKey(): Promise<JWK> {
    const { kty, n, e, kid } = await this.#privateKey();
    return { kty, n, e, kid, alg: ALGORITHM, use: 'sig' } as JWK;
  }

  async issue(claims: Record<string, unknown>, expiresIn: number): Promise<Record<string, unknown>> {
    const key = await this.#privateKey();
    const now = Math.floor(this.ports.clock.now() / 1000);
    const token = await new SignJWT({ ...claims, iss: this.#url, iat: now, exp: now + expiresIn })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid ?? '', typ: 'JWT' })
      .sign(await importJWK(key, ALGORITHM));
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn };
  }

  #privateKey(): Promise<JWK> {
    return (this.#key ??= this.#load());
  }

  async #load(): Promise<JWK> {
    const table = this.ports.store.table<JWK>('engine.issuer');
    const known = table.get('key');
    if (known) return known;
    const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
    const jwk = await exportJWK(privateKey);
    const key = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
    table.set('key', key);
    return key;
  }
}
