import type { Caller } from '@outbox/local-cloud-kernel';
import { parsePolicy } from '../policy/document';
import { evaluate } from '../policy/evaluate';
import type { RoleRecord } from '../iam/model';
import { accessDenied } from './denial';
import { requestKeys, type Circumstances } from './request-keys';

/**
 * Whether a role's trust policy lets `caller` assume it; the role's account is enough for the account's admin key.
 * @param conditions keys of the call itself, e.g. `sts:ExternalId`
 * @throws AwsError `AccessDeniedException` in STS's wording
 */
export function assertTrusted(
  role: RoleRecord,
  caller: Caller,
  at: Circumstances,
  conditions: Readonly<Record<string, string>> = {},
): void {
  const requirement = { action: 'sts:AssumeRole', resource: role.arn, conditions };
  const keys = requestKeys(caller, requirement, at);
  const verdict = evaluate([parsePolicy(role.trust, 'trust')], {
    caller,
    action: requirement.action,
    resource: role.arn,
    keys,
  });
  if (verdict.deniedBy) throw accessDenied(caller, requirement, 'sts', 'explicit-resource');
  // Naming the account only delegates to identity policies; the caller's own are checked as the call's requirement.
  if (!verdict.allowed && !verdict.accountAllowed) throw accessDenied(caller, requirement, 'sts', 'no-resource');
}
