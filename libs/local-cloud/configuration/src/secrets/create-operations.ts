import {
  refuseOptions,
  requestTagKeys,
  tagRecord,
  unsupported,
  withTags,
  type Engine,
  type RequestContext,
  type Requirement,
} from '@outbox/local-cloud-kernel';
import { checkCount, checkText, exists, invalidParameter, invalidRequest, validation } from './errors';
import { CURRENT, secretArn, type SecretRecord, type SecretVersion } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { TAG_RULES } from './tag-operations';
import { checkToken, repeated, required, valueOf, withVersion } from './versions';

const NAME = /^[\w/+=.@!-]+$/;

/** Secrets: made, changed, given further values. */
export function createOperations(engine: Pick<Engine, 'clock'>, secrets: Secrets): SecretOperations {
  /** The secret with a new version that has its key's protection. */
  const add = async (
    secret: SecretRecord,
    version: Omit<SecretVersion, 'createdAt'>,
    context: RequestContext,
  ): Promise<SecretRecord> => {
    const now = engine.clock.now();
    return withVersion(secret, await secrets.seal(secret, { ...version, createdAt: now }, context), now);
  };

  return {
    CreateSecret: {
      requires: (input, context) => {
        const { Description, KmsKeyId, Name = '', Tags = [] } = input;
        const tags = requestTagKeys(tagRecord(Tags));
        return [
          secrets.requires('CreateSecret', context, Name, {
            'secretsmanager:Name': Name,
            ...described(Description, KmsKeyId),
            ...tags,
          }),
          ...(Tags.length > 0 ? [secrets.requires('TagResource', context, Name, tags)] : []),
        ];
      },
      handle: async (input, context) => {
        refuseOptions('secretsmanager', 'CreateSecret', input, 'AddReplicaRegions', 'ForceOverwriteReplicaSecret');
        refuseType('CreateSecret', input.Type);
        const { ClientRequestToken: token, Description: description, KmsKeyId: keyId, Name: name = '' } = input;
        checkName(name);
        checkToken(token);
        checkText(description, 'description', { least: 0, most: 2048 });
        const value = valueOf(input);
        const tags = withTags({}, input.Tags, TAG_RULES);
        const known = secrets.find(context, name);
        if (known?.deletion) {
          throw invalidRequest(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
        }
        if (known) {
          const again = value && repeated(known, token, value);
          if (again) return { ARN: secretArn(known), Name: name, VersionId: again.id };
          throw exists(`The operation failed because the secret ${name} already exists.`);
        }
        const now = engine.clock.now();
        const made: SecretRecord = {
          accountId: context.accountId,
          region: context.region,
          name,
          suffix: secrets.newSuffix(),
          tags,
          versions: [],
          createdAt: now,
          changedAt: now,
          ...(description === undefined ? {} : { description }),
          ...(keyId === undefined ? {} : { keyId }),
        };
        const id = token ?? secrets.newVersionId();
        const secret = value ? await add(made, { id, value, stages: [CURRENT] }, context) : made;
        secrets.put(secret);
        return { ARN: secretArn(secret), Name: name, ...(value ? { VersionId: id } : {}) };
      },
    },
    PutSecretValue: {
      requires: (input, context) => [secrets.requires('PutSecretValue', context, input.SecretId ?? '')],
      handle: async (input, context) => {
        refuseOptions('secretsmanager', 'PutSecretValue', input, 'RotationToken');
        const { ClientRequestToken: token, VersionStages: stages = [CURRENT] } = input;
        checkToken(token);
        checkCount(stages, 'versionStages', 1, 20);
        stages.forEach((stage) => checkText(stage, 'versionStages', { most: 256 }));
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        const value = required(valueOf(input));
        const again = repeated(secret, token, value);
        const id = token ?? secrets.newVersionId();
        // The first version there is has AWSCURRENT, whatever it is given.
        const first = secret.versions.some((version) => version.stages.includes(CURRENT)) ? [] : [CURRENT];
        const given = [...new Set([...stages, ...first])];
        if (!again) secrets.put(await add(secret, { id, value, stages: given }, context));
        return {
          ARN: secretArn(secret),
          Name: secret.name,
          VersionId: again?.id ?? id,
          VersionStages: [...(again?.stages ?? given)],
        };
      },
    },
    UpdateSecret: {
      requires: (input, context) => [
        secrets.requires('UpdateSecret', context, input.SecretId ?? '', described(input.Description, input.KmsKeyId)),
      ],
      handle: async (input, context) => {
        refuseType('UpdateSecret', input.Type);
        const { ClientRequestToken: token, Description: description, KmsKeyId: keyId } = input;
        checkToken(token);
        checkText(description, 'description', { least: 0, most: 2048 });
        const known = secrets.getLiving(context, input.SecretId ?? '');
        const { keyId: before, ...rest } = known;
        // AWS's own key is what the empty name stands for.
        const key = keyId === undefined ? before : keyId || undefined;
        const secret: SecretRecord = {
          ...rest,
          changedAt: engine.clock.now(),
          ...(key === undefined ? {} : { keyId: key }),
          ...(description === undefined ? {} : { description }),
        };
        const value = valueOf(input);
        const again = value && repeated(secret, token, value);
        const id = token ?? secrets.newVersionId();
        secrets.put(value && !again ? await add(secret, { id, value, stages: [CURRENT] }, context) : secret);
        return { ARN: secretArn(secret), Name: secret.name, ...(value ? { VersionId: again?.id ?? id } : {}) };
      },
    },
  };
}

function described(description: string | undefined, keyId: string | undefined): NonNullable<Requirement['conditions']> {
  return {
    ...(description === undefined ? {} : { 'secretsmanager:Description': description }),
    ...(keyId === undefined ? {} : { 'secretsmanager:KmsKeyId': keyId }),
  };
}

/** Source: API reference, CreateSecret, Name. */
function checkName(name: string): void {
  checkText(name, 'name', { most: 512 });
  if (!NAME.test(name)) {
    throw validation(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  if (name.startsWith('arn:')) throw invalidParameter('A name must not be an ARN.');
}

/** Only secrets that another company manages have a type. */
function refuseType(operation: string, type: string | undefined): void {
  if (type !== undefined) throw unsupported('secretsmanager', operation, 'Type');
}
