import type { BatchGetSecretValueCommandInput, GetSecretValueCommandInput } from '@aws-sdk/client-secrets-manager';
import { AwsError, pageAt, type Engine, type OutputOf, type RequestContext } from '@outbox/local-cloud-kernel';
import { checkCount, checkNumber, invalidNextToken, invalidParameter, notFound } from './errors';
import { filterSecrets } from './filters';
import { CURRENT, secretArn, type SecretRecord, type SecretVersion } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { givenOf } from './versions';
import { MAX_BATCH } from './limits';

const DAY_MS = 86_400_000;

/** Values of secrets: read. */
export function readOperations(engine: Pick<Engine, 'calls' | 'clock'>, secrets: Secrets): SecretOperations {
  // The current version is meant only where none is named.
  const conditionsOf = ({ VersionId, VersionStage }: GetSecretValueCommandInput) => {
    const stage = VersionStage ?? (VersionId === undefined ? CURRENT : undefined);
    return {
      ...(VersionId === undefined ? {} : { 'secretsmanager:VersionId': VersionId }),
      ...(stage === undefined ? {} : { 'secretsmanager:VersionStage': stage }),
    };
  };
  const read = async (input: GetSecretValueCommandInput, context: RequestContext) => {
    const secret = secrets.getLiving(context, input.SecretId ?? '');
    const version = versionOf(secret, input);
    await secrets.open(secret, version, context);
    // Source: API reference, DescribeSecret, LastAccessedDate: the day, without the time.
    secrets.put({ ...secret, accessedAt: Math.floor(engine.clock.now() / DAY_MS) * DAY_MS });
    return {
      ARN: secretArn(secret),
      Name: secret.name,
      VersionId: version.id,
      ...givenOf(version.value),
      VersionStages: [...version.stages],
      CreatedDate: new Date(version.createdAt),
    };
  };

  return {
    GetSecretValue: {
      requires: (input, context) => [
        secrets.requires('GetSecretValue', context, input.SecretId ?? '', conditionsOf(input)),
      ],
      handle: read,
    },
    // Each value is read by a call of its own: who may not read one of them is told so for that one.
    BatchGetSecretValue: {
      requires: (input) => [
        { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
        ...(input.Filters?.length ? [{ action: 'secretsmanager:ListSecrets', resource: '*' }] : []),
      ],
      handle: async (input, context) => {
        const { caller, region } = context;
        const ids = idsOf(secrets, input, context);
        const { items, next } = pageAt(ids, input.NextToken, sizeOf(input), invalidNextToken);
        const values: OutputOf<'secretsmanager', 'GetSecretValue'>[] = [];
        const errors: { SecretId: string; ErrorCode: string; Message: string }[] = [];
        for (const SecretId of items) {
          try {
            const as = { caller, region };
            values.push(await engine.calls.call('secretsmanager', 'GetSecretValue', { SecretId }, as));
          } catch (error) {
            if (!(error instanceof AwsError) || error.fault === 'server') throw error;
            errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
          }
        }
        return { SecretValues: values, Errors: errors, NextToken: next };
      },
    },
  };
}

function sizeOf({ MaxResults: size = MAX_BATCH }: BatchGetSecretValueCommandInput): number {
  checkNumber(size, 'maxResults', 1, MAX_BATCH);
  return size;
}

function idsOf(secrets: Secrets, input: BatchGetSecretValueCommandInput, context: RequestContext): readonly string[] {
  const { Filters: filters = [], SecretIdList: ids = [] } = input;
  if (filters.length > 0 === ids.length > 0) {
    throw invalidParameter('Either SecretIdList or Filters must be provided, but not both.');
  }
  checkCount(ids, 'secretIdList', 0, MAX_BATCH);
  if (ids.length > 0) return ids;
  const living = secrets.of(context).filter(({ deletion }) => !deletion);
  return filterSecrets(living, filters).map(secretArn);
}

/** By id, by stage, or the current one. @throws AwsError ResourceNotFoundException, InvalidParameterException */
function versionOf(secret: SecretRecord, { VersionId, VersionStage }: GetSecretValueCommandInput): SecretVersion {
  const byId = secret.versions.find(({ id }) => id === VersionId);
  if (VersionId !== undefined && !byId) throw notFound(`the specified secret value for VersionId: ${VersionId}`);
  if (byId) {
    if (VersionStage === undefined || byId.stages.includes(VersionStage)) return byId;
    throw invalidParameter('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  const stage = VersionStage ?? CURRENT;
  const byStage = secret.versions.find(({ stages }) => stages.includes(stage));
  if (!byStage) throw notFound(`the specified secret value for staging label: ${stage}`);
  return byStage;
}
