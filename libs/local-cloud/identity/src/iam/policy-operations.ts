import type { Policy } from '@aws-sdk/client-iam';
import { tagList, type Engine } from '@outbox/local-cloud-kernel';
import { checkDescription, checkManagedPolicy, checkName, checkPath } from './checks';
import { alreadyExists, deleteConflict, limitExceeded } from './errors';
import type { ManagedPolicyRecord } from './model';
import { onPolicy, tagConditions, type IamOperations } from './operation';
import { page } from './page';
import type { PolicyStore } from './policy-store';
import type { RoleStore } from './role-store';
import { withTags, withoutTags } from './tags';
import { POLICIES } from './limits';

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Customer-managed policies; their versions have operations of their own. */
export function policyOperations(
  engine: Pick<Engine, 'clock' | 'ids'>,
  policies: PolicyStore,
  roles: RoleStore,
): IamOperations {
  const attachedTo = (arn: string, accountId: string): number =>
    roles.in(accountId).filter((role) => role.attached.includes(arn)).length;
  const bounded = (arn: string, accountId: string): number =>
    roles.in(accountId).filter((role) => role.boundary === arn).length;
  const shown = (policy: ManagedPolicyRecord, accountId: string): Policy =>
    toPolicy(policy, attachedTo(policy.arn, accountId), bounded(policy.arn, accountId));
  return {
    CreatePolicy: {
      requires: (input, { accountId }) => {
        const resource = `arn:aws:iam::${accountId}:policy${input.Path ?? '/'}${input.PolicyName ?? ''}`;
        const actions = input.Tags?.length ? ['iam:CreatePolicy', 'iam:TagPolicy'] : ['iam:CreatePolicy'];
        const conditions = tagConditions(undefined, input);
        return actions.map((action) => ({ action, resource, conditions }));
      },
      handle: (input, { accountId }) => {
        const name = checkName('policyName', input.PolicyName, 128);
        const path = checkPath('policy', input.Path);
        const arn = `arn:aws:iam::${accountId}:policy${path}${name}`;
        const others = policies.in(accountId);
        if (others.some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
          throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
        }
        if (others.length >= POLICIES) throw limitExceeded(`Cannot exceed quota for PoliciesPerAccount: ${POLICIES}`);
        const now = engine.clock.now();
        const text = checkManagedPolicy(input.PolicyDocument);
        const policy: ManagedPolicyRecord = {
          accountId,
          name,
          path,
          arn,
          id: `ANPA${engine.ids.token(17, ID_ALPHABET)}`,
          description: checkDescription(input.Description),
          createdAt: now,
          updatedAt: now,
          versions: [{ id: 'v1', text, createdAt: now }],
          defaultVersion: 'v1',
          nextVersion: 2,
          tags: withTags({}, input.Tags),
        };
        policies.put(policy);
        return { Policy: toPolicy(policy, 0, 0) };
      },
    },
    GetPolicy: {
      requires: onPolicy(policies, 'GetPolicy'),
      handle: (input, { accountId }) => {
        const policy = policies.readable(input.PolicyArn);
        return { Policy: shown(policy, accountId) };
      },
    },
    ListPolicies: {
      requires: () => [{ action: 'iam:ListPolicies', resource: '*' }],
      handle: (input, { accountId }) => {
        const found = policies
          .inScope(accountId, input.Scope)
          .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
          .map((policy) => shown(policy, accountId))
          .filter(
            ({ PermissionsBoundaryUsageCount = 0 }) =>
              input.PolicyUsageFilter !== 'PermissionsBoundary' || PermissionsBoundaryUsageCount > 0,
          )
          .filter(({ AttachmentCount = 0 }) => !input.OnlyAttached || AttachmentCount > 0);
        const { items, ...rest } = page(found, input);
        // Lists say less than GetPolicy. Source: IAM API reference, ListPolicies and Policy.
        return { Policies: items.map((policy) => ({ ...policy, Description: undefined, Tags: undefined })), ...rest };
      },
    },
    DeletePolicy: {
      requires: onPolicy(policies, 'DeletePolicy'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        if (attachedTo(policy.arn, policy.accountId) + bounded(policy.arn, policy.accountId) > 0)
          throw deleteConflict('Cannot delete a policy attached to entities.');
        if (policy.versions.length > 1) {
          throw deleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
          );
        }
        policies.delete(policy.arn);
        return {};
      },
    },
    TagPolicy: {
      requires: onPolicy(policies, 'TagPolicy'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        policies.put({ ...policy, tags: withTags(policy.tags, input.Tags) });
        return {};
      },
    },
    UntagPolicy: {
      requires: onPolicy(policies, 'UntagPolicy'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        policies.put({ ...policy, tags: withoutTags(policy.tags, input.TagKeys) });
        return {};
      },
    },
    ListPolicyTags: {
      requires: onPolicy(policies, 'ListPolicyTags'),
      handle: (input) => {
        const { items, ...rest } = page(tagList(policies.readable(input.PolicyArn).tags), input);
        return { Tags: items, ...rest };
      },
    },
  };
}

function toPolicy(policy: ManagedPolicyRecord, attachmentCount: number, boundaryCount: number): Policy {
  const tags = tagList(policy.tags);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachmentCount,
    PermissionsBoundaryUsageCount: boundaryCount,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    Tags: tags.length > 0 ? tags : undefined,
  };
}
