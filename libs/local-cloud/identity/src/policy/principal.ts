import type { Caller } from '@outbox/local-cloud-kernel';
import { PolicySyntaxError } from './policy-syntax-error';

/** The `Principal` element, every form brought to lists. */
export interface Principals {
  readonly everyone: boolean;
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

/**
 * How closely a list names a caller. `account`: only its account is named, which lets the account's own (identity)
 * policies decide. Source: IAM user guide, "AWS JSON policy elements: Principal", AWS account principals.
 */
export type PrincipalMatch = 'none' | 'account' | 'direct';

const KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

/** @throws PolicySyntaxError */
export function parsePrincipals(json: unknown): Principals {
  if (json === '*') return { everyone: true, aws: [], services: [] };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(json);
  for (const kind of Object.keys(json)) if (!KINDS.has(kind)) throw invalid(kind);
  if (Object.keys(json).length === 0) throw invalid(json);
  const named = json as Record<string, unknown>;
  const aws = names(named['AWS']);
  return { everyone: aws.includes('*'), aws: aws.filter((name) => name !== '*'), services: names(named['Service']) };
}

/** Whether the list names the caller: everyone, its service, its role or session, or its account only. */
export function matchPrincipals(principals: Principals, caller: Caller): PrincipalMatch {
  if (principals.everyone) return 'direct';
  if (caller.kind === 'service') return principals.services.includes(caller.service ?? '') ? 'direct' : 'none';
  if (principals.aws.some((name) => name === caller.arn || name === caller.roleArn)) return 'direct';
  if (!accountNames(caller).some((name) => principals.aws.includes(name))) return 'none';
  return caller.kind === 'root' ? 'direct' : 'account';
}

/**
 * Whether `NotPrincipal` spares the caller: a role needs to be listed with its account, as AWS looks at the account
 * first. Source: IAM user guide, "AWS JSON policy elements: NotPrincipal".
 */
export function spares(principals: Principals, caller: Caller): boolean {
  if (matchPrincipals(principals, caller) !== 'direct') return false;
  if (caller.kind !== 'role' || principals.everyone) return true;
  return accountNames(caller).some((name) => principals.aws.includes(name));
}

function accountNames({ accountId }: Caller): string[] {
  return [accountId, `arn:aws:iam::${accountId}:root`];
}

function names(json: unknown): string[] {
  if (json === undefined) return [];
  const list: unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0 || !list.every((name) => typeof name === 'string')) throw invalid(json);
  for (const name of list) {
    if (name !== '*' && /[*?]/.test(name)) throw invalid(name);
  }
  return list;
}

function invalid(what: unknown): PolicySyntaxError {
  return new PolicySyntaxError(`Invalid principal in policy: ${JSON.stringify(what)}`);
}
