import type { KeyMetadata } from '@aws-sdk/client-kms';
import { formatArn, type Engine, type RequestContext, type Table } from '@outbox/local-cloud-kernel';

/** A key AWS manages for one service. */
export interface KeyRecord {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
  /** `dynamodb`, `sqs`, …: behind the alias `aws/<service>`. */
  readonly service: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

type Place = Pick<RequestContext, 'accountId' | 'region'>;

/** Services of this stack that have an AWS-managed key. */
const SERVICES: Readonly<Record<string, string>> = {
  dynamodb: 'Default key that protects my DynamoDB data when no other key is defined',
  lambda: 'Default key that protects my Lambda functions when no other key is defined',
  sns: 'Default key that protects my SNS data when no other key is defined',
  sqs: 'Default key that protects my SQS messages when no other key is defined',
};

/** AWS-managed keys, made when they are first asked for. */
export class Keys {
  readonly #keys: Table<KeyRecord>;

  constructor(private readonly engine: Pick<Engine, 'clock' | 'ids' | 'store'>) {
    this.#keys = engine.store.table('kms.keys');
  }

  /** By `alias/aws/<service>`; undefined for an alias nobody has. */
  byAlias(place: Place, alias: string): KeyRecord | undefined {
    const service = alias.replace(/^alias\/aws\//, '');
    if (!alias.startsWith('alias/aws/') || !Object.hasOwn(SERVICES, service)) return undefined;
    const key = `${place.accountId}/${place.region}/${service}`;
    const known = this.#keys.get(key);
    if (known) return known;
    const { accountId, region } = place;
    const made = { accountId, region, id: this.engine.ids.uuid(), service, createdAt: this.engine.clock.now() };
    this.#keys.set(key, made);
    return made;
  }

  byId(place: Place, id: string): KeyRecord | undefined {
    return this.all(place).find((key) => key.id === id);
  }

  /** Those that exist already. */
  all(place: Place): KeyRecord[] {
    return [...this.#keys.values()].filter((key) => key.accountId === place.accountId && key.region === place.region);
  }
}

export function keyArn(key: KeyRecord): string {
  return formatArn('kms', key.region, key.accountId, `key/${key.id}`);
}

export function toMetadata(key: KeyRecord): KeyMetadata {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.id,
    Arn: keyArn(key),
    CreationDate: new Date(key.createdAt),
    Enabled: true,
    Description: SERVICES[key.service],
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'AWS',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

/**
 * The policy AWS puts on its own keys: usable through the service by whoever may use the service, and open to the
 * account only for looking at it. No other service can use it, which is why `alias/aws/sqs` breaks EventBridge → SQS.
 * Source: DynamoDB developer guide, "Encryption at rest: AWS managed key policy".
 */
export function keyPolicy(key: KeyRecord): string {
  const service = `${key.service}.amazonaws.com`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': key.accountId,
            'kms:ViaService': `${key.service}.${key.region}.amazonaws.com`,
          },
        },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${key.accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}
