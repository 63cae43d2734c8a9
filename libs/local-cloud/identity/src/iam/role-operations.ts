import type { Role } from '@aws-sdk/client-iam';
import { tagList, type Engine } from '@outbox/local-cloud-kernel';
import { attachable } from './attachable';
import { checkDescription, checkDuration, checkName, checkPath, checkTrust } from './checks';
import { alreadyExists, deleteConflict, limitExceeded } from './errors';
import type { RoleRecord } from './model';
import { onRole, type IamOperations } from './operation';
import { page } from './page';
import type { PolicyStore } from './policy-store';
import type { RoleStore } from './role-store';
import { withTags, withoutTags } from './tags';
import { ROLES } from './limits';

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Roles themselves: made, read, changed, tagged, deleted. */
export function roleOperations(
  engine: Pick<Engine, 'clock' | 'ids'>,
  roles: RoleStore,
  policies: PolicyStore,
): IamOperations {
  const on = (action: string) => onRole(roles, action);
  const change = (accountId: string, name: string | undefined, part: Partial<RoleRecord>): RoleRecord => {
    const role = { ...roles.get(accountId, name), ...part };
    roles.put(role);
    return role;
  };
  return {
    CreateRole: {
      requires: (input, context) => [
        ...on('CreateRole')(input, context),
        ...(input.Tags?.length ? on('TagRole')(input, context) : []),
      ],
      handle: (input, { accountId }) => {
        const name = checkName('roleName', input.RoleName, 64);
        const path = checkPath('role', input.Path);
        const others = roles.in(accountId);
        if (others.some((role) => role.name.toLowerCase() === name.toLowerCase())) {
          throw alreadyExists(`Role with name ${name} already exists.`);
        }
        if (others.length >= ROLES) throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${ROLES}`);
        const role: RoleRecord = {
          accountId,
          name,
          path,
          id: `AROA${engine.ids.token(17, ID_ALPHABET)}`,
          arn: `arn:aws:iam::${accountId}:role${path}${name}`,
          createdAt: engine.clock.now(),
          description: checkDescription(input.Description),
          maxSessionDuration: checkDuration(input.MaxSessionDuration),
          trust: checkTrust(input.AssumeRolePolicyDocument, roles),
          inline: {},
          attached: [],
          boundary:
            input.PermissionsBoundary === undefined
              ? undefined
              : attachable(policies, accountId, input.PermissionsBoundary, 'CreateRole'),
          tags: withTags({}, input.Tags),
        };
        roles.put(role);
        return { Role: toRole(role) };
      },
    },
    GetRole: {
      requires: on('GetRole'),
      handle: (input, { accountId }) => ({ Role: toRole(roles.get(accountId, input.RoleName)) }),
    },
    ListRoles: {
      requires: (_, { accountId }) => [{ action: 'iam:ListRoles', resource: `arn:aws:iam::${accountId}:role/` }],
      handle: (input, { accountId }) => {
        const found = roles.in(accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
        const { items, ...rest } = page(found, input);
        return {
          Roles: items.map((role) => ({ ...toRole(role), Tags: undefined, PermissionsBoundary: undefined })),
          ...rest,
        };
      },
    },
    UpdateRole: {
      requires: on('UpdateRole'),
      handle: (input, { accountId }) => {
        change(accountId, input.RoleName, {
          ...(input.Description === undefined ? {} : { description: checkDescription(input.Description) }),
          ...(input.MaxSessionDuration === undefined
            ? {}
            : { maxSessionDuration: checkDuration(input.MaxSessionDuration) }),
        });
        return {};
      },
    },
    UpdateRoleDescription: {
      requires: on('UpdateRoleDescription'),
      handle: (input, { accountId }) => ({
        Role: toRole(change(accountId, input.RoleName, { description: checkDescription(input.Description) })),
      }),
    },
    UpdateAssumeRolePolicy: {
      requires: on('UpdateAssumeRolePolicy'),
      handle: (input, { accountId }) => {
        change(accountId, input.RoleName, { trust: checkTrust(input.PolicyDocument, roles) });
        return {};
      },
    },
    DeleteRole: {
      requires: on('DeleteRole'),
      handle: (input, { accountId }) => {
        const role = roles.get(accountId, input.RoleName);
        if (role.attached.length > 0) {
          throw deleteConflict('Cannot delete entity, must detach all policies first.');
        }
        if (Object.keys(role.inline).length > 0) {
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        }
        roles.delete(role);
        return {};
      },
    },
    TagRole: {
      requires: on('TagRole'),
      handle: (input, { accountId }) => {
        change(accountId, input.RoleName, { tags: withTags(roles.get(accountId, input.RoleName).tags, input.Tags) });
        return {};
      },
    },
    UntagRole: {
      requires: on('UntagRole'),
      handle: (input, { accountId }) => {
        const { tags } = roles.get(accountId, input.RoleName);
        change(accountId, input.RoleName, { tags: withoutTags(tags, input.TagKeys) });
        return {};
      },
    },
    ListRoleTags: {
      requires: on('ListRoleTags'),
      handle: (input, { accountId }) => {
        const { items, ...rest } = page(tagList(roles.get(accountId, input.RoleName).tags), input);
        return { Tags: items, ...rest };
      },
    },
    // Instance profiles belong to EC2: there are none, but Terraform asks before it deletes a role.
    ListInstanceProfilesForRole: {
      requires: on('ListInstanceProfilesForRole'),
      handle: (input, { accountId }) => {
        roles.get(accountId, input.RoleName);
        return { InstanceProfiles: [], IsTruncated: false };
      },
    },
  };
}

/** IAM answers policy texts percent-encoded (RFC 3986). */
export function encodePolicy(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function toRole(role: RoleRecord): Role {
  const tags = tagList(role.tags);
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodePolicy(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: role.boundary },
    Tags: tags.length > 0 ? tags : undefined,
  };
}
