import { checkText, invalidParameter, notFound } from './errors';
import { CURRENT, secretArn } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { moveStage } from './versions';

/** Stages of versions: moved. */
export function stageOperations(secrets: Secrets): SecretOperations {
  return {
    UpdateSecretVersionStage: {
      requires: (input, context) => [
        secrets.requires('UpdateSecretVersionStage', context, input.SecretId ?? '', {
          'secretsmanager:VersionStage': input.VersionStage ?? '',
        }),
      ],
      handle: (input, context) => {
        const { MoveToVersionId: to, RemoveFromVersionId: from, VersionStage: stage = '' } = input;
        checkText(stage, 'versionStage', { most: 256 });
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        for (const id of [to, from]) {
          if (id !== undefined && !secret.versions.some((version) => version.id === id)) {
            throw notFound(`the specified secret value for VersionId: ${id}`);
          }
        }
        const holder = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
        if (from !== undefined && holder !== from) {
          throw invalidParameter(
            `The RemoveFromVersionId "${from}" is not a valid version to remove the staging label "${stage}" from.`,
          );
        }
        if (to !== undefined && holder !== undefined && holder !== to && from === undefined) {
          throw invalidParameter(
            `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
          );
        }
        if (to === undefined && stage === CURRENT) {
          throw invalidParameter(
            "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
          );
        }
        secrets.put({ ...secret, versions: moveStage(secret.versions, stage, to) });
        return { ARN: secretArn(secret), Name: secret.name };
      },
    },
  };
}
