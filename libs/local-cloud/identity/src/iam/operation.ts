import type { Tag } from '@aws-sdk/client-iam';
import {
  requestTagKeys,
  resourceTagKeys,
  tagRecord,
  unsupported,
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

/** The usual requirement: `action` on the role the input names. Source: Service Authorization Reference, AWS IAM. */
export function onRole(roles: RoleStore, action: string) {
  return (
    input: { readonly RoleName?: string | undefined; readonly Path?: string | undefined } & Tagging,
    { accountId }: RequestContext,
  ): readonly Requirement[] => {
    const role = roles.find(accountId, input.RoleName);
    const resource = role?.arn ?? `arn:aws:iam::${accountId}:role${input.Path ?? '/'}${input.RoleName ?? ''}`;
    return [{ action: `iam:${action}`, resource, conditions: tagConditions(role?.tags, input) }];
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

/** @throws AwsError for an option of the request that isn't run. */
export function refuse(operation: string, input: object, ...options: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && options.includes(name)) throw unsupported('iam', operation, name);
  }
}
