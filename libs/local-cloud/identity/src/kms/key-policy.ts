import type { Caller, RequestContext } from '@outbox/local-cloud-kernel';
import { unknownPrincipal } from '../iam/principals';
import type { RoleStore } from '../iam/role-store';
import { requestKeys } from '../access/request-keys';
import { parsePolicy } from '../policy/document';
import { evaluate } from '../policy/evaluate';
import { PolicySyntaxError } from '../policy/policy-syntax-error';
import { malformedPolicy } from './errors';
import { keyArn } from './keys';
import type { KeyRecord, ManagedKey } from './model';
import { MOST_POLICY_BYTES } from './limits';

export function policyOf(key: KeyRecord): string {
  return key.kind === 'managed' ? managedPolicy(key) : key.policy;
}

/** What a key gets that is made without one. Source: KMS developer guide, "Default key policy". */
export function defaultPolicy(accountId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/**
 * A key's policy as KMS takes it.
 * @throws AwsError MalformedPolicyDocumentException: no policy, principals that don't exist, or one that locks the
 *   caller out of changing it again (unless `bypass`). Source: KMS API reference, PutKeyPolicy.
 */
export function checkKeyPolicy(
  text: string,
  place: {
    readonly key: Pick<KeyRecord, 'accountId' | 'region' | 'id'>;
    readonly caller: Caller;
    readonly now: number;
  },
  roles: RoleStore,
  bypass: boolean,
): string {
  if (Buffer.byteLength(text) > MOST_POLICY_BYTES) throw malformedPolicy('The policy is longer than 32768 bytes.');
  const resource = keyArn(place.key);
  try {
    const document = parsePolicy(text, 'resource');
    if (unknownPrincipal(document, roles) !== undefined) {
      throw malformedPolicy('Policy contains a statement with one or more invalid principals.');
    }
    if (bypass) return text;
    const requirement = { action: 'kms:PutKeyPolicy', resource };
    const keys = requestKeys(place.caller, requirement, { now: place.now, region: place.key.region });
    const verdict = evaluate([document], { caller: place.caller, ...requirement, keys });
    if (verdict.deniedBy || (!verdict.allowed && !verdict.accountAllowed)) {
      throw malformedPolicy('The new key policy will not allow you to update the key policy in the future.');
    }
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedPolicy(error.message, error);
    throw error;
  }
  return text;
}

/** The service a call comes through, as `kms:ViaService` names it. */
export function viaService(service: string, context: Pick<RequestContext, 'region'>): string {
  return `${service}.${context.region}.amazonaws.com`;
}

/**
 * The policy AWS puts on its own keys: usable through the service by whoever may use the service, and open to the
 * account only for looking at it. No other service can use it, which is why `alias/aws/sqs` breaks EventBridge → SQS.
 * Source: DynamoDB developer guide, "Encryption at rest: AWS managed key policy".
 */
function managedPolicy(key: ManagedKey): string {
  const service = `${key.service}.amazonaws.com`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': key.accountId, 'kms:ViaService': viaService(key.service, key) },
        },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${key.accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}
