import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { createRole, names } from '../fixtures';
import { document, each, five, type PageCase } from './page-case';

/** IAM: its lists carry a marker. */
export const identityPages: readonly PageCase[] = [
  {
    service: 'iam',
    operation: 'ListRoles',
    make: async (clients) => (await each(five, (name) => createRole(clients, name)), {}),
    list: 'Roles',
    name: 'RoleName',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListPolicies',
    make: async ({ iam }) => {
      await each(five, (PolicyName) => iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document })));
      return { Scope: 'Local' };
    },
    list: 'Policies',
    name: 'PolicyName',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListPolicyVersions',
    make: async ({ iam }) => {
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document }));
      const version = { PolicyArn: Policy?.Arn, PolicyDocument: document };
      await each(names(4), () => iam.send(new CreatePolicyVersionCommand(version)));
      return { PolicyArn: Policy?.Arn };
    },
    list: 'Versions',
    name: 'VersionId',
    expected: ['v1', 'v2', 'v3', 'v4', 'v5'],
  },
  {
    service: 'iam',
    operation: 'ListRolePolicies',
    make: async (clients) => {
      await createRole(clients, 'r');
      await each(five, (PolicyName) =>
        clients.iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName, PolicyDocument: document })),
      );
      return { RoleName: 'r' };
    },
    list: 'PolicyNames',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListAttachedRolePolicies',
    make: async (clients) => {
      await createRole(clients, 'r');
      await each(five, async (PolicyName) => {
        const { Policy } = await clients.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document }));
        await clients.iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: Policy?.Arn }));
      });
      return { RoleName: 'r' };
    },
    list: 'AttachedPolicies',
    name: 'PolicyName',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListRoleTags',
    make: async (clients) => {
      await createRole(clients, 'r');
      const Tags = five.map((Key) => ({ Key, Value: 'x' }));
      await clients.iam.send(new TagRoleCommand({ RoleName: 'r', Tags }));
      return { RoleName: 'r' };
    },
    list: 'Tags',
    name: 'Key',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListPolicyTags',
    make: async ({ iam }) => {
      const Tags = five.map((Key) => ({ Key, Value: 'x' }));
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document, Tags }));
      return { PolicyArn: Policy?.Arn };
    },
    list: 'Tags',
    name: 'Key',
    expected: five,
  },
  {
    service: 'iam',
    operation: 'ListInstanceProfilesForRole',
    make: async (clients) => (await createRole(clients, 'r'), { RoleName: 'r' }),
    list: 'InstanceProfiles',
    expected: [],
  },
];
