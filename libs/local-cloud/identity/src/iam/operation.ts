import type { Tag } from '@aws-sdk/client-iam';
import {
  requestTagKeys,
  resourceTagKeys,
  tagRecord,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import type { PolicyStore } from './policy-store';
import type { RoleStore } from './role-store';

export type IamOperations = Service<'iam'>['operations'];

/** What of a request is about tags. */
interface Tagging {
  readonly Tags?: readonly Tag[] | undefined;
  readonly TagKeys?: readonly string[] | undefined;
}

/**
 * Actions that a policy may allow for roles under a certain boundary only. Source: Service Authorization Reference, AWS
 * IAM, `iam:PermissionsBoundary`.
 */
const BOUNDED: ReadonlySet<string> = new Set([
  'CreateRole',
  'PutRolePermissionsBoundary',
  'DeleteRolePermissionsBoundary',
  'PutRolePolicy',
  'DeleteRolePolicy',
  'AttachRolePolicy',
  'DetachRolePolicy',
]);

/** What of a request is about the role. */
interface AboutRole extends Tagging {
  readonly RoleName?: string | undefined;
  readonly Path?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
}

/** The usual requirement: `action` on the role the input names. Source: Service Authorization Reference, AWS IAM. */
export function onRole(roles: RoleStore, action: string) {
  return (input: AboutRole, { accountId }: RequestContext): readonly Requirement[] => {
    const role = roles.find(accountId, input.RoleName);
    const resource = role?.arn ?? `arn:aws:iam::${accountId}:role${input.Path ?? '/'}${input.RoleName ?? ''}`;
    const boundary = BOUNDED.has(action) ? (input.PermissionsBoundary ?? role?.boundary) : undefined;
    const conditions = {
      ...tagConditions(role?.tags, input),
      ...(boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary }),
    };
    return [{ action: `iam:${action}`, resource, conditions }];
  };
}

/** `action` on the managed policy the input names. */
export function onPolicy(policies: PolicyStore, action: string) {
  return (input: { readonly PolicyArn?: string | undefined } & Tagging): readonly Requirement[] => {
    const resource = input.PolicyArn ?? '*';
    return [{ action: `iam:${action}`, resource, conditions: tagConditions(policies.find(resource)?.tags, input) }];
  };
}

/** Condition keys of tags: those there are, and those the request is about. */
export function tagConditions(
  tags: Readonly<Record<string, string>> | undefined,
  input: Tagging,
): Record<string, string | readonly string[]> {
  return { ...resourceTagKeys(tags ?? {}, 'iam'), ...requestTagKeys(tagRecord(input.Tags), input.TagKeys) };
}
