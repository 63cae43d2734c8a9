import { createHash } from 'node:crypto';
import type { HttpRequest } from './http';

/** Who asks: its `name` owns what it makes, and keys of one principal never meet another's. */
export interface Principal {
  readonly name: string;
  /** The same for the same name, and tells nothing of it: what leaves the service in its place. */
  readonly id: string;
  readonly anonymous: boolean;
}

/** Name and id of everybody who calls an API without authorizer. */
export const ANONYMOUS = 'anonymous';

/** The API has an authorizer, but what it found names nobody: a fault of the set-up, never an anonymous caller. */
export class NoPrincipalError extends Error {
  override readonly name = 'NoPrincipalError';

  constructor(readonly authorizer: readonly string[]) {
    super(`the authorizer gives neither a token's iss and sub nor an IAM caller, but ${authorizer.join(', ')}`);
  }
}

/**
 * The principal API Gateway's authorizer found: a token's issuer and subject; a user of a Cognito identity pool by pool and
 * identity, since all users of a pool share its roles; or another IAM caller's account and unique id without the name of
 * its session, which changes with every sign-in. Without an authorizer everybody is `anonymous`.
 * Source: API Gateway developer guide, payload format version 2.0 (`requestContext.authorizer.iam.cognitoIdentity`).
 * @throws NoPrincipalError
 */
export function principalOf({ event }: Pick<HttpRequest, 'event'>): Principal {
  const authorizer = member(event.requestContext, 'authorizer');
  if (authorizer === undefined) return { name: ANONYMOUS, id: ANONYMOUS, anonymous: true };
  const claims = member(member(authorizer, 'jwt'), 'claims');
  const [issuer, subject] = [member(claims, 'iss'), member(claims, 'sub')];
  if (isName(issuer) && isName(subject)) return named('jwt', issuer, subject);
  const iam = member(authorizer, 'iam');
  const cognito = member(iam, 'cognitoIdentity') ?? undefined;
  if (cognito !== undefined) {
    const [pool, identity] = [member(cognito, 'identityPoolId'), member(cognito, 'identityId')];
    if (isName(pool) && isName(identity)) return named('cognito', pool, identity);
    throw new NoPrincipalError(['iam.cognitoIdentity without identityPoolId and identityId']);
  }
  const [account, user] = [member(iam, 'accountId'), member(iam, 'userId')];
  if (isName(account) && isName(user)) return named('iam', account, user.split(':')[0] ?? user);
  throw new NoPrincipalError(typeof authorizer === 'object' ? Object.keys(authorizer ?? {}) : []);
}

function named(...parts: readonly string[]): Principal {
  const name = parts.map((part) => `${part.length}:${part}`).join(' ');
  return { name, id: createHash('sha256').update(name, 'utf8').digest('hex'), anonymous: false };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
