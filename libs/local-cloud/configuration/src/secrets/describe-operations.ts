import type { ListSecretsCommandInput, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { pageAt, tagList } from '@outbox/local-cloud-kernel';
import { checkNumber, invalidNextToken } from './errors';
import { filterSecrets } from './filters';
import { secretArn, stagesByVersion, type SecretRecord } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { MAX_RESULTS } from './limits';

/** How versions under AWS's own key name it. Source: API reference, SecretVersionsListEntry, KmsKeyIds. */
const DEFAULT_KEY = 'DefaultEncryptionKey';

/** Secrets and their versions: described, never their values. */
export function describeOperations(secrets: Secrets): SecretOperations {
  return {
    DescribeSecret: {
      requires: (input, context) => [secrets.requires('DescribeSecret', context, input.SecretId ?? '')],
      handle: (input, context) => {
        const secret = secrets.get(context, input.SecretId ?? '');
        const stages = stagesByVersion(secret);
        return {
          ...describe(secret),
          ...(Object.keys(stages).length > 0 ? { VersionIdsToStages: stages } : {}),
        };
      },
    },
    ListSecrets: {
      requires: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
      handle: (input, context) => {
        const { MaxResults: size = MAX_RESULTS } = input;
        checkNumber(size, 'maxResults', 1, MAX_RESULTS);
        const shown = secrets
          .of(context)
          .filter(({ deletion }) => deletion === undefined || input.IncludePlannedDeletion === true);
        const found = sorted(filterSecrets(shown, input.Filters ?? []), input);
        const { items, next } = pageAt(found, input.NextToken, size, invalidNextToken);
        return {
          SecretList: items.map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesByVersion(secret) })),
          NextToken: next,
        };
      },
    },
    ListSecretVersionIds: {
      requires: (input, context) => [secrets.requires('ListSecretVersionIds', context, input.SecretId ?? '')],
      handle: (input, context) => {
        const { MaxResults: size = MAX_RESULTS } = input;
        checkNumber(size, 'maxResults', 1, MAX_RESULTS);
        const secret = secrets.get(context, input.SecretId ?? '');
        const shown = secret.versions.filter(({ stages }) => stages.length > 0 || input.IncludeDeprecated === true);
        const { items, next } = pageAt(shown, input.NextToken, size, invalidNextToken);
        return {
          ARN: secretArn(secret),
          Name: secret.name,
          Versions: items.map(({ createdAt, id, keyId, stages }) => ({
            VersionId: id,
            VersionStages: [...stages],
            CreatedDate: new Date(createdAt),
            KmsKeyIds: [keyId ?? DEFAULT_KEY],
          })),
          NextToken: next,
        };
      },
    },
  };
}

function describe(secret: SecretRecord): SecretListEntry {
  const { accessedAt, changedAt, createdAt, deletion, description, keyId, name, tags } = secret;
  return {
    ARN: secretArn(secret),
    Name: name,
    Description: description,
    KmsKeyId: keyId,
    LastChangedDate: new Date(changedAt),
    LastAccessedDate: accessedAt === undefined ? undefined : new Date(accessedAt),
    DeletedDate: deletion && new Date(deletion.askedAt),
    Tags: tagList(tags),
    CreatedDate: new Date(createdAt),
  };
}

function sorted(
  secrets: readonly SecretRecord[],
  { SortBy, SortOrder }: ListSecretsCommandInput,
): readonly SecretRecord[] {
  const valueOf = (secret: SecretRecord): string | number => {
    if (SortBy === 'name') return secret.name;
    if (SortBy === 'last-changed-date') return secret.changedAt;
    if (SortBy === 'last-accessed-date') return secret.accessedAt ?? 0;
    return secret.createdAt;
  };
  // The newest come first unless asked for otherwise.
  const sign = (SortOrder ?? (SortBy === undefined ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  return [...secrets].sort((a, b) => (valueOf(a) < valueOf(b) ? -sign : valueOf(a) > valueOf(b) ? sign : 0));
}
