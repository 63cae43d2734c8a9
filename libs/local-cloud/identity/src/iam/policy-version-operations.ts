import type { PolicyVersion } from '@aws-sdk/client-iam';
import type { Engine } from '@outbox/local-cloud-kernel';
import { checkManagedPolicy } from './checks';
import { checkText, deleteConflict, limitExceeded, noSuchEntity } from './errors';
import type { ManagedPolicyRecord, PolicyVersionRecord } from './model';
import { onPolicy, type IamOperations } from './operation';
import { page } from './page';
import type { PolicyStore } from './policy-store';
import { encodePolicy } from './role-operations';
import { VERSION_LIMIT } from './limits';

/** Versions of customer-managed policies: a change makes a new one, the default one is in force. */
export function policyVersionOperations(engine: Pick<Engine, 'clock'>, policies: PolicyStore): IamOperations {
  return {
    CreatePolicyVersion: {
      requires: onPolicy(policies, 'CreatePolicyVersion'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        if (policy.versions.length >= VERSION_LIMIT) {
          throw limitExceeded(
            `A managed policy can have up to ${VERSION_LIMIT} versions. Before you create a new version, you must delete an existing version.`,
          );
        }
        const version: PolicyVersionRecord = {
          id: `v${policy.nextVersion}`,
          text: checkManagedPolicy(input.PolicyDocument),
          createdAt: engine.clock.now(),
        };
        const next: ManagedPolicyRecord = {
          ...policy,
          versions: [version, ...policy.versions],
          defaultVersion: input.SetAsDefault ? version.id : policy.defaultVersion,
          nextVersion: policy.nextVersion + 1,
          updatedAt: version.createdAt,
        };
        policies.put(next);
        return { PolicyVersion: toVersion(next, version) };
      },
    },
    GetPolicyVersion: {
      requires: onPolicy(policies, 'GetPolicyVersion'),
      handle: (input) => {
        const policy = policies.readable(input.PolicyArn);
        const version = find(policy, input.VersionId);
        return { PolicyVersion: { ...toVersion(policy, version), Document: encodePolicy(version.text) } };
      },
    },
    ListPolicyVersions: {
      requires: onPolicy(policies, 'ListPolicyVersions'),
      handle: (input) => {
        const policy = policies.readable(input.PolicyArn);
        const { items, ...rest } = page(policy.versions, input);
        return { Versions: items.map((version) => toVersion(policy, version)), ...rest };
      },
    },
    SetDefaultPolicyVersion: {
      requires: onPolicy(policies, 'SetDefaultPolicyVersion'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        policies.put({
          ...policy,
          defaultVersion: find(policy, input.VersionId).id,
          updatedAt: engine.clock.now(),
        });
        return {};
      },
    },
    DeletePolicyVersion: {
      requires: onPolicy(policies, 'DeletePolicyVersion'),
      handle: (input) => {
        const policy = policies.get(input.PolicyArn);
        const version = find(policy, input.VersionId);
        if (version.id === policy.defaultVersion) {
          throw deleteConflict('Cannot delete the default version of a policy.');
        }
        policies.put({ ...policy, versions: policy.versions.filter(({ id }) => id !== version.id) });
        return {};
      },
    },
  };
}

function find(policy: ManagedPolicyRecord, id = ''): PolicyVersionRecord {
  checkText(id, 'versionId', { pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' });
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

function toVersion(policy: ManagedPolicyRecord, version: PolicyVersionRecord): PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdAt),
  };
}
