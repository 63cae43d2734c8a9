import type { AuthorizerRecord } from '../model';

export type Claims = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a token's claims, or undefined: the issuer is the authorizer's, the audience one of its (`client_id`
 * only where there is no `aud`), and now is after `nbf` and `iat` and before `exp`.
 * Source: API Gateway developer guide, http-api-jwt-authorizer.
 * @param now epoch milliseconds
 */
export function checkClaims(
  claims: Claims,
  { issuer, audience }: Pick<AuthorizerRecord, 'issuer' | 'audience'>,
  now: number,
): string | undefined {
  if (claims['iss'] !== issuer) return 'the token does not have a valid issuer';
  const audiences = listOf(claims['aud'] ?? claims['client_id']);
  if (!audiences.some((one) => audience.includes(one))) return 'the token does not have a valid audience';
  const seconds = now / 1000;
  const times = ['exp', 'nbf', 'iat'].map((name) => claims[name]);
  if (times.some((time) => time !== undefined && typeof time !== 'number')) return 'the token has an invalid time';
  const [exp, nbf, iat] = times as (number | undefined)[];
  if (exp === undefined || exp <= seconds) return 'the token has expired';
  if (nbf !== undefined && nbf > seconds) return 'the token is not valid yet';
  return iat !== undefined && iat > seconds ? 'the token was used before it was issued' : undefined;
}

/** The scopes a token carries, in `scope` or `scp`; a text has them apart by spaces. */
export function scopesOf(claims: Claims): string[] {
  const scopes = claims['scope'] ?? claims['scp'];
  return typeof scopes === 'string' ? scopes.split(' ').filter((scope) => scope !== '') : listOf(scopes);
}

/** Claims as functions get them: all of them text, a list as `[a b]`. */
export function claimTexts(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
