import type { Clock } from '@outbox/local-cloud-kernel';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors } from 'jose';
import { gatewayResponse } from '../invocation/to-response';
import type { ApiRequest } from '../invocation/request-event';
import type { AuthorizerRecord } from '../model';
import { checkClaims, claimTexts, scopesOf, type Claims } from './claims';
import { IssuerError, type IssuerKeys } from './issuer-keys';
import type { AuthorizationOutcome } from './outcome';

/** "Currently, only RSA-based algorithms are supported." Source: http-api-jwt-authorizer. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** A token that is not good; the message is what `www-authenticate` says of it. */
class BadToken extends Error {
  override readonly name = 'BadToken';
}

/**
 * Checks a request's token: signature by the issuer's published key, then issuer, audience, times and scopes.
 * 401 with the reason in `www-authenticate`, 403 when only the scope lacks; AWS publishes the header's form and the
 * text for a wrong audience, the other texts are ours. Source: API Gateway developer guide, http-api-jwt-authorizer
 * and http-api-troubleshooting-jwt.
 */
export class JwtAuthorizer {
  constructor(
    private readonly clock: Clock,
    private readonly keys: IssuerKeys,
  ) {}

  async authorize(
    authorizer: AuthorizerRecord,
    scopes: readonly string[],
    request: ApiRequest,
  ): Promise<AuthorizationOutcome> {
    const token = tokenOf(authorizer.identitySource, request);
    if (token === undefined) return refused(401, 'Unauthorized', 'Bearer', 'no token');
    try {
      const claims = await this.#verify(authorizer, token);
      const problem = checkClaims(claims, authorizer, this.clock.now());
      if (problem !== undefined) throw new BadToken(problem);
      const granted = scopesOf(claims);
      if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
        const challenge = `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`;
        return refused(403, 'Forbidden', challenge, 'insufficient scope');
      }
      const texts = claimTexts(claims);
      return {
        kind: 'allowed',
        authorizer: { jwt: { claims: texts, scopes: scopes.length > 0 ? granted : null } },
        logFields: Object.fromEntries(
          Object.entries(texts).map(([name, value]) => [`authorizer.claims.${name}`, value]),
        ),
      };
    } catch (error) {
      if (!(error instanceof BadToken)) throw error;
      const challenge = `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${error.message}"`;
      return refused(401, 'Unauthorized', challenge, error.message);
    }
  }

  /** @throws BadToken */
  async #verify({ issuer }: AuthorizerRecord, token: string): Promise<Claims> {
    try {
      const { alg, kid } = decodeProtectedHeader(token);
      if (!ALGORITHMS.includes(alg ?? '')) throw new BadToken(`signing method ${alg ?? ''} is invalid`);
      // Several keys and no kid would leave open which one signed.
      if (kid === undefined) throw new BadToken('the token has no kid');
      const { payload } = await compactVerify(token, createLocalJWKSet(await this.keys.of(issuer)), {
        algorithms: ALGORITHMS,
      });
      const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
      if (typeof claims !== 'object' || claims === null) throw new BadToken('the token is malformed');
      return claims as Claims;
    } catch (error) {
      if (error instanceof BadToken) throw error;
      if (error instanceof IssuerError) throw new BadToken('unable to get the keys of the issuer');
      if (error instanceof errors.JWKSNoMatchingKey) throw new BadToken('the kid of the token is unknown');
      if (error instanceof errors.JWSSignatureVerificationFailed) throw new BadToken('the signature is invalid');
      // jose says TypeError of text that is no token at all, and JSON.parse SyntaxError of a payload that is no JSON.
      if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) {
        throw new BadToken('the token is malformed');
      }
      throw error;
    }
  }
}

/** The token alone, or after `Bearer`. */
function tokenOf(source: string, request: ApiRequest): string | undefined {
  const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  const value =
    kind === 'header'
      ? request.headers[name.toLowerCase()]
      : (new URLSearchParams(request.rawQueryString).get(name) ?? undefined);
  return value?.replace(/^Bearer +/i, '').trim() || undefined;
}

function refused(status: 401 | 403, message: string, challenge: string, reason: string): AuthorizationOutcome {
  const response = gatewayResponse(status, message);
  return {
    kind: 'refused',
    response: { ...response, headers: { ...response.headers, 'www-authenticate': challenge } },
    logFields: { 'authorizer.error': reason },
  };
}
