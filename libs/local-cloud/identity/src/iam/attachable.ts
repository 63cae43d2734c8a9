import { parseArn, unsupported } from '@outbox/local-cloud-kernel';
import { checkPolicyArn } from './checks';
import { noSuchEntity } from './errors';
import type { PolicyStore } from './policy-store';

/** What IAM calls the policy where there is none: a boundary is a scope. */
const WORDS = { AttachRolePolicy: 'Policy', CreateRole: 'Scope ARN:', PutRolePermissionsBoundary: 'Scope ARN:' };

/**
 * The ARN of a policy that roles of the account may have, attached or as their boundary: the account's own, or AWS's.
 *
 * @throws AwsError NoSuchEntity; UnsupportedOperation for an AWS-managed policy that isn't here: AWS has hundreds, so it is
 *   no mistake of whoever names it
 */
export function attachable(
  policies: PolicyStore,
  accountId: string,
  value: string | undefined,
  operation: keyof typeof WORDS,
): string {
  const arn = checkPolicyArn(value);
  const owner = parseArn(arn).accountId;
  const exists = policies.textOf(arn) !== undefined;
  if (owner === 'aws' && !exists) throw unsupported('iam', operation, `the AWS-managed policy ${arn}`);
  if (![accountId, 'aws'].includes(owner) || !exists) {
    throw noSuchEntity(`${WORDS[operation]} ${arn} does not exist or is not attachable.`);
  }
  return arn;
}
