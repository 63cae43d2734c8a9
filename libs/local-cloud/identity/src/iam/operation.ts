import type { RequestContext, Requirement, Service } from '@outbox/local-cloud-kernel';
import { unsupported } from '@outbox/local-cloud-kernel';
import type { RoleStore } from './role-store';

export type IamOperations = Service<'iam'>['operations'];

/** The usual requirement: `action` on the role the input names. Source: Service Authorization Reference, AWS IAM. */
export function onRole(roles: RoleStore, action: string) {
  return (
    input: { RoleName?: string | undefined; Path?: string | undefined },
    { accountId }: RequestContext,
  ): readonly Requirement[] => {
    const role = roles.find(accountId, input.RoleName);
    const resource = role?.arn ?? `arn:aws:iam::${accountId}:role${input.Path ?? '/'}${input.RoleName ?? ''}`;
    return [{ action: `iam:${action}`, resource }];
  };
}

/** `action` on the managed policy the input names. */
export function onPolicy(action: string) {
  return (input: { PolicyArn?: string | undefined }): readonly Requirement[] => [
    { action: `iam:${action}`, resource: input.PolicyArn ?? '*' },
  ];
}

/** @throws AwsError for an option of the request that isn't run. */
export function refuse(operation: string, input: object, ...options: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && options.includes(name)) throw unsupported('iam', operation, name);
  }
}
