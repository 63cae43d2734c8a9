import type { HttpRequest } from '@outbox/function-kit';

/** Who asks: its `name` owns orders, and keys of one principal never meet another's. */
export interface Principal {
  readonly name: string;
  readonly anonymous: boolean;
}

interface Authorizer {
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
  readonly iam?: { readonly accountId?: string; readonly userId?: string };
}

/**
 * The principal API Gateway's authorizer found: a token's issuer and subject, or an IAM caller's account and unique id
 * without the name of its session, which changes with every sign-in. Without an authorizer everybody is `anonymous`.
 */
export function principalOf(request: HttpRequest): Principal {
  const { jwt, iam } = ((request.event.requestContext as { authorizer?: Authorizer }).authorizer ??
    {}) satisfies Authorizer;
  const issuer = jwt?.claims?.['iss'];
  const subject = jwt?.claims?.['sub'];
  if (typeof issuer === 'string' && typeof subject === 'string') return named('jwt', issuer, subject);
  if (iam?.accountId && iam.userId) return named('iam', iam.accountId, iam.userId.split(':')[0] ?? '');
  return { name: 'anonymous', anonymous: true };
}

function named(...parts: readonly string[]): Principal {
  return { name: parts.map((part) => `${part.length}:${part}`).join(' '), anonymous: false };
}
