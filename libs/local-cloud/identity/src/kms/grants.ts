import type { GrantListEntry, GrantOperation } from '@aws-sdk/client-kms';
import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { EncryptionContext } from './cipher';
import type { GrantRecord } from './model';

/** Grants, by key. */
export class Grants {
  readonly #grants: Table<GrantRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#grants = engine.store.table('kms.grants');
  }

  put(grant: GrantRecord): void {
    this.#grants.set(grant.id, grant);
  }

  delete(id: string): void {
    this.#grants.delete(id);
  }

  get(id: string): GrantRecord | undefined {
    return this.#grants.get(id);
  }

  byToken(token: string): GrantRecord | undefined {
    return [...this.#grants.values()].find((grant) => grant.token === token || grant.moreTokens?.includes(token));
  }

  of(keyArn: string): GrantRecord[] {
    return [...this.#grants.values()].filter((grant) => grant.keyArn === keyArn);
  }
}

/** What has no encryption context a grant could constrain. Source: KMS API reference, GrantConstraints. */
const UNBOUND = new Set(['DescribeKey', 'RetireGrant']);

/**
 * A key's policy with what its grants allow added to it: a grant allows as a statement does, for its grantee.
 * Source: KMS developer guide, "Grants in AWS KMS".
 * @param passedOn the operations of a grant to be made: no more than the grant itself allows
 */
export function withGrants(
  policy: string,
  grants: readonly GrantRecord[],
  action: string,
  context: EncryptionContext,
  passedOn: readonly string[] = [],
): string {
  const allowed = grants.filter(
    (grant) =>
      [action, ...passedOn].every((operation) => grant.operations.includes(operation as GrantOperation)) &&
      (UNBOUND.has(action) || fits(grant, context)),
  );
  if (allowed.length === 0) return policy;
  const document = JSON.parse(policy) as { Statement: unknown };
  const statements = allowed.map(({ grantee }) => ({
    Effect: 'Allow',
    Principal: grantee.startsWith('arn:') ? { AWS: grantee } : { Service: grantee },
    Action: `kms:${action}`,
    Resource: '*',
  }));
  return JSON.stringify({ ...document, Statement: [document.Statement, statements].flat() });
}

export function toGrantEntry(grant: GrantRecord): GrantListEntry {
  return {
    KeyId: grant.keyArn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.grantee,
    RetiringPrincipal: grant.retiring,
    IssuingAccount: grant.issuer,
    Operations: [...grant.operations],
    Constraints: grant.constraints,
  };
}

function fits({ constraints }: GrantRecord, context: EncryptionContext): boolean {
  const sent = context ?? {};
  const holds = (pairs: Readonly<Record<string, string>>): boolean =>
    Object.entries(pairs).every(([name, value]) => sent[name] === value);
  const { EncryptionContextEquals: equal, EncryptionContextSubset: subset } = constraints ?? {};
  if (equal) return Object.keys(sent).length === Object.keys(equal).length && holds(equal);
  return subset ? holds(subset) : true;
}
