import { attachable } from './attachable';
import { onRole, type IamOperations } from './operation';
import type { PolicyStore } from './policy-store';
import type { RoleStore } from './role-store';

/** The permissions boundary of a role, which CreateRole may set, too. */
export function boundaryOperations(roles: RoleStore, policies: PolicyStore): IamOperations {
  return {
    PutRolePermissionsBoundary: {
      requires: onRole(roles, 'PutRolePermissionsBoundary'),
      handle: (input, { accountId }) => {
        const role = roles.get(accountId, input.RoleName);
        const boundary = attachable(policies, accountId, input.PermissionsBoundary, 'PutRolePermissionsBoundary');
        roles.put({ ...role, boundary });
        return {};
      },
    },
    DeleteRolePermissionsBoundary: {
      requires: onRole(roles, 'DeleteRolePermissionsBoundary'),
      handle: (input, { accountId }) => {
        roles.put({ ...roles.get(accountId, input.RoleName), boundary: undefined });
        return {};
      },
    },
  };
}
