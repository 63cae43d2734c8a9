import type { AliasListEntry, KeyMetadata, KeyState } from '@aws-sdk/client-kms';
import { formatArn } from '@outbox/local-cloud-kernel';
import type { AliasRecord, KeyRecord } from './model';

/** Services of this stack that have a key AWS manages, with what its description says. */
export const MANAGED_SERVICES: Readonly<Record<string, string>> = {
  dynamodb: 'Default key that protects my DynamoDB data when no other key is defined',
  lambda: 'Default key that protects my Lambda functions when no other key is defined',
  s3: 'Default key that protects my S3 objects when no other key is defined',
  secretsmanager: 'Default key that protects my Secrets Manager data when no other key is defined',
  sns: 'Default key that protects my SNS data when no other key is defined',
  sqs: 'Default key that protects my SQS messages when no other key is defined',
  ssm: 'Default key that protects my SSM parameters when no other key is defined',
};

/** Source: KMS developer guide, "Key states of AWS KMS keys". */
export function stateOf(key: KeyRecord): KeyState {
  if (key.kind === 'managed') return 'Enabled';
  if (key.deletionAt !== undefined) return 'PendingDeletion';
  return key.enabled ? 'Enabled' : 'Disabled';
}

export function toMetadata(key: KeyRecord): KeyMetadata {
  const state = stateOf(key);
  return {
    AWSAccountId: key.accountId,
    KeyId: key.id,
    Arn: formatArn('kms', key.region, key.accountId, `key/${key.id}`),
    CreationDate: new Date(key.createdAt),
    Enabled: state === 'Enabled',
    Description: key.kind === 'managed' ? MANAGED_SERVICES[key.service] : key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: state,
    DeletionDate: key.kind === 'customer' && key.deletionAt !== undefined ? new Date(key.deletionAt) : undefined,
    Origin: 'AWS_KMS',
    KeyManager: key.kind === 'managed' ? 'AWS' : 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

export function toAlias(alias: AliasRecord): AliasListEntry {
  return {
    AliasName: alias.name,
    AliasArn: formatArn('kms', alias.region, alias.accountId, alias.name),
    TargetKeyId: alias.keyId,
    CreationDate: new Date(alias.createdAt),
    LastUpdatedDate: new Date(alias.updatedAt),
  };
}

/** The alias of a key AWS manages. */
export function managedAlias(key: KeyRecord): AliasListEntry | undefined {
  if (key.kind !== 'managed') return undefined;
  const name = `alias/aws/${key.service}`;
  return {
    AliasName: name,
    AliasArn: formatArn('kms', key.region, key.accountId, name),
    TargetKeyId: key.id,
    CreationDate: new Date(key.createdAt),
    LastUpdatedDate: new Date(key.createdAt),
  };
}
