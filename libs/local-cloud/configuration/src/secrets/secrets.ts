import {
  AwsError,
  formatArn,
  resourceTagKeys,
  toAwsError,
  type Engine,
  type RequestContext,
  type Requirement,
  type Table,
} from '@outbox/local-cloud-kernel';
import { ServiceKeys } from '@outbox/local-cloud-keys';
import { invalidRequest, markedForDeletion, notFound } from './errors';
import { secretArn, type Place, type SecretRecord, type SecretVersion } from './model';

/** Letters behind a secret's name in its ARN. */
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Secrets of every account and region, and their keys. */
export class Secrets {
  readonly #table: Table<SecretRecord>;
  readonly #keys: ServiceKeys;

  constructor(private readonly engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'store'>) {
    this.#table = engine.store.table('secretsmanager.secrets');
    this.#keys = new ServiceKeys(engine, 'secretsmanager');
  }

  /**
   * By name or by ARN, whole or without what AWS put behind the name; gone once its recovery window has passed.
   * Source: API reference, GetSecretValue, SecretId.
   */
  find(place: Place, id: string): SecretRecord | undefined {
    const [, region, accountId, resource] = /^arn:[^:]+:secretsmanager:([^:]+):(\d{12}):secret:(.+)$/.exec(id) ?? [];
    if (region === undefined || accountId === undefined || resource === undefined) {
      return this.#today(this.#table.get(keyOf(place, id)));
    }
    if (region !== place.region) return undefined;
    const there = { accountId, region };
    const whole = this.#today(this.#table.get(keyOf(there, resource.replace(/-[A-Za-z0-9]{6}$/, ''))));
    if (whole && secretArn(whole) === id) return whole;
    return this.#today(this.#table.get(keyOf(there, resource)));
  }

  /** @throws AwsError ResourceNotFoundException */
  get(place: Place, id: string): SecretRecord {
    const found = this.find(place, id);
    if (!found) throw notFound();
    return found;
  }

  /** As `get`, for what can't be done to a secret that waits for its deletion. @throws AwsError */
  getLiving(place: Place, id: string): SecretRecord {
    const found = this.get(place, id);
    if (found.deletion) throw markedForDeletion();
    return found;
  }

  put(secret: SecretRecord): void {
    this.#table.set(keyOf(secret, secret.name), secret);
  }

  delete(secret: SecretRecord): void {
    this.#table.delete(keyOf(secret, secret.name));
  }

  /** In the order of their making. */
  of({ accountId, region }: Place): SecretRecord[] {
    return [...this.#table.values()]
      .filter((secret) => secret.accountId === accountId && secret.region === region)
      .flatMap((secret) => this.#today(secret) ?? [])
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  newSuffix(): string {
    return this.engine.ids.token(6, SUFFIX);
  }

  newVersionId(): string {
    return this.engine.ids.uuid();
  }

  /**
   * Puts a version under its secret's key; AWS's own key asks nobody. Source: user guide, "Secret encryption and
   * decryption in AWS Secrets Manager": `kms:GenerateDataKey` and `kms:Decrypt`, bound to secret and version.
   * @throws AwsError EncryptionFailure for a key that can't be used, AccessDeniedException where the caller may not
   */
  async seal(secret: SecretRecord, version: SecretVersion, context: RequestContext): Promise<SecretVersion> {
    const { keyId } = secret;
    if (keyId === undefined) return version;
    try {
      const bound = { SecretARN: secretArn(secret), SecretVersionId: version.id };
      const key = await this.#keys.seal(keyId, bound, context);
      await this.#keys.open(key, context);
      return { ...version, key, keyId };
    } catch (error) {
      throw keyError(error, 'EncryptionFailure');
    }
  }

  /**
   * AWS's own key opens for the secret's account only (user guide, "Access AWS Secrets Manager secrets from a different
   * account").
   * @throws AwsError InvalidRequestException for another account, DecryptionFailure for a key that can't be used,
   * AccessDeniedException where the caller may not
   */
  async open({ accountId }: SecretRecord, { key }: SecretVersion, context: RequestContext): Promise<void> {
    if (!key) {
      if (context.accountId === accountId) return;
      throw invalidRequest(
        "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
      );
    }
    try {
      await this.#keys.open(key, context);
    } catch (error) {
      throw keyError(error, 'DecryptionFailure');
    }
  }

  /** An action on one secret, under its policy if it has one. */
  requires(
    action: string,
    context: RequestContext,
    id: string,
    conditions: Requirement['conditions'] = {},
  ): Requirement {
    const secret = this.find(context, id);
    const resource = id.startsWith('arn:')
      ? id
      : formatArn('secretsmanager', context.region, context.accountId, `secret:${id}`);
    return {
      action: `secretsmanager:${action}`,
      resource: secret ? secretArn(secret) : resource,
      resourcePolicy: secret?.policy,
      conditions: {
        ...(secret ? { 'secretsmanager:SecretId': secretArn(secret) } : {}),
        ...(secret ? resourceTagKeys(secret.tags, 'secretsmanager') : {}),
        ...conditions,
      },
    };
  }

  #today(secret: SecretRecord | undefined): SecretRecord | undefined {
    if (!secret?.deletion || secret.deletion.at > this.engine.clock.now()) return secret;
    this.delete(secret);
    return undefined;
  }
}

/** KMS's errors as Secrets Manager has them. Source: API reference, GetSecretValue and PutSecretValue, Errors. */
function keyError(thrown: unknown, code: 'EncryptionFailure' | 'DecryptionFailure'): AwsError {
  const error = toAwsError(thrown);
  if (error.fault === 'server') return error;
  if (error.code === 'AccessDeniedException') {
    return new AwsError('AccessDeniedException', 'Access to KMS is not allowed', { cause: error });
  }
  const what = code === 'EncryptionFailure' ? 'encrypt' : 'decrypt';
  return new AwsError(
    code,
    `Secrets Manager can't ${what} the protected secret text using the provided KMS key: ${error.message}`,
    {
      cause: error,
    },
  );
}

function keyOf({ accountId, region }: Place, name: string): string {
  return `${accountId}/${region}/${name}`;
}
