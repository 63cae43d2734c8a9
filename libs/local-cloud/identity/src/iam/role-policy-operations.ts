import { own } from '@outbox/local-cloud-kernel';
import { attachable } from './attachable';
import { checkName, checkPolicy, checkPolicyArn, policySize } from './checks';
import { limitExceeded, noSuchEntity } from './errors';
import type { RoleRecord } from './model';
import { onRole, type IamOperations } from './operation';
import { page } from './page';
import type { PolicyStore } from './policy-store';
import { encodePolicy } from './role-operations';
import type { RoleStore } from './role-store';
import { ATTACHED_LIMIT, INLINE_SIZE } from './limits';

/** What a role may do: inline policies, and managed ones attached to it. */
export function rolePolicyOperations(roles: RoleStore, policies: PolicyStore): IamOperations {
  const on = (action: string) => onRole(roles, action);
  const attachment =
    (action: string): NonNullable<IamOperations['AttachRolePolicy']>['requires'] =>
    (input, context) =>
      on(action)(input, context).map((need) => ({
        ...need,
        conditions: { ...need.conditions, 'iam:PolicyARN': input.PolicyArn ?? '' },
      }));
  return {
    PutRolePolicy: {
      requires: on('PutRolePolicy'),
      handle: (input, { accountId }) => {
        const role = roles.get(accountId, input.RoleName);
        const name = checkName('policyName', input.PolicyName, 128);
        const inline = { ...role.inline, [name]: checkPolicy(input.PolicyDocument) };
        const size = Object.values(inline).reduce((sum, text) => sum + policySize(text), 0);
        if (size > INLINE_SIZE) {
          throw limitExceeded(`Maximum policy size of ${INLINE_SIZE} bytes exceeded for role ${role.name}`);
        }
        roles.put({ ...role, inline });
        return {};
      },
    },
    GetRolePolicy: {
      requires: on('GetRolePolicy'),
      handle: (input, { accountId }) => {
        const text = inlineText(roles.get(accountId, input.RoleName), input.PolicyName);
        return { RoleName: input.RoleName, PolicyName: input.PolicyName, PolicyDocument: encodePolicy(text) };
      },
    },
    DeleteRolePolicy: {
      requires: on('DeleteRolePolicy'),
      handle: (input, { accountId }) => {
        const role = roles.get(accountId, input.RoleName);
        inlineText(role, input.PolicyName);
        const inline = Object.fromEntries(Object.entries(role.inline).filter(([name]) => name !== input.PolicyName));
        roles.put({ ...role, inline });
        return {};
      },
    },
    ListRolePolicies: {
      requires: on('ListRolePolicies'),
      handle: (input, { accountId }) => {
        const { items, ...rest } = page(Object.keys(roles.get(accountId, input.RoleName).inline), input);
        return { PolicyNames: items, ...rest };
      },
    },
    AttachRolePolicy: {
      requires: attachment('AttachRolePolicy'),
      handle: (input, { accountId }) => {
        const role = roles.get(accountId, input.RoleName);
        const arn = attachable(policies, accountId, input.PolicyArn, 'AttachRolePolicy');
        if (role.attached.includes(arn)) return {};
        if (role.attached.length >= ATTACHED_LIMIT) {
          throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${ATTACHED_LIMIT}`);
        }
        roles.put({ ...role, attached: [...role.attached, arn] });
        return {};
      },
    },
    DetachRolePolicy: {
      requires: attachment('DetachRolePolicy'),
      handle: (input, { accountId }) => {
        const gone = checkPolicyArn(input.PolicyArn);
        const role = roles.get(accountId, input.RoleName);
        if (!role.attached.includes(gone)) throw noSuchEntity(`Policy ${gone} was not found.`);
        roles.put({ ...role, attached: role.attached.filter((arn) => arn !== gone) });
        return {};
      },
    },
    ListAttachedRolePolicies: {
      requires: on('ListAttachedRolePolicies'),
      handle: (input, { accountId }) => {
        const { attached } = roles.get(accountId, input.RoleName);
        const found = attached.filter((arn) => pathOf(arn).startsWith(input.PathPrefix ?? '/'));
        const { items, ...rest } = page(found, input);
        return {
          AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) })),
          ...rest,
        };
      },
    },
  };
}

/** `/a/b/` of `arn:aws:iam::…:policy/a/b/name`. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}

function inlineText(role: RoleRecord, name: string | undefined): string {
  const text = own(role.inline, name);
  if (text === undefined) throw noSuchEntity(`The role policy with name ${name ?? ''} cannot be found.`);
  return text;
}
