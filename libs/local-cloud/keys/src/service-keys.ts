import { AwsError, callerVia, type AwsCalls, type Caller, type InputOf } from '@outbox/local-cloud-kernel';

/** On whose behalf a service uses a key. */
export interface KeyUser {
  readonly caller: Caller;
  readonly region: string;
}

/** A data key, or a text, under a customer's key, in base64, with the context it is bound to: what a resource keeps of its key. */
export interface SealedKey {
  readonly sealed: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * How a service uses customers' keys: its call of KMS is the caller's own, made through the service, so that the
 * caller needs the permission and policies may say `kms:ViaService`. Source: KMS developer guide, "How AWS services
 * use AWS KMS". All of it throws KMS's own errors.
 */
export class ServiceKeys {
  /** @param service as it is called in `kms:ViaService`, e.g. `sqs` */
  constructor(
    private readonly engine: { readonly calls: AwsCalls },
    private readonly service: string,
  ) {}

  /** The ARN behind a key's id, ARN or alias; needs `kms:DescribeKey`. */
  async arnOf(keyId: string, user: KeyUser): Promise<string> {
    const { KeyMetadata } = await this.engine.calls.call('kms', 'DescribeKey', { KeyId: keyId }, this.#as(user));
    return KeyMetadata?.Arn ?? keyId;
  }

  /** A new data key; needs `kms:GenerateDataKey`. */
  async seal(keyId: string, context: SealedKey['context'], user: KeyUser): Promise<SealedKey> {
    const input = { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context } as const;
    const { CiphertextBlob } = await this.engine.calls.call('kms', 'GenerateDataKey', input, this.#as(user));
    return { sealed: Buffer.from(CiphertextBlob ?? []).toString('base64'), context };
  }

  /** Opens a data key; needs `kms:Decrypt`. */
  async open(key: SealedKey, user: KeyUser): Promise<void> {
    await this.decrypt(key, user);
  }

  /** Encrypts a text of up to 4,096 bytes by the key itself; needs `kms:Encrypt`. Returns it sealed. */
  async encrypt(keyId: string, text: string, context: SealedKey['context'], user: KeyUser): Promise<SealedKey> {
    const input = { KeyId: keyId, Plaintext: Buffer.from(text), EncryptionContext: context };
    const { CiphertextBlob } = await this.engine.calls.call('kms', 'Encrypt', input, this.#as(user));
    return { sealed: Buffer.from(CiphertextBlob ?? []).toString('base64'), context };
  }

  /** The text behind what `encrypt` returned; needs `kms:Decrypt`. */
  async decrypt({ sealed, context }: SealedKey, user: KeyUser): Promise<string> {
    const input = { CiphertextBlob: Buffer.from(sealed, 'base64'), EncryptionContext: context };
    const { Plaintext } = await this.engine.calls.call('kms', 'Decrypt', input, this.#as(user));
    return Buffer.from(Plaintext ?? []).toString();
  }

  /** A permission for a service or role beside the key's policy; needs `kms:CreateGrant`. Answers the grant's token. */
  async grant(keyId: string, grant: Omit<InputOf<'kms', 'CreateGrant'>, 'KeyId'>, user: KeyUser): Promise<string> {
    const { GrantToken } = await this.engine.calls.call(
      'kms',
      'CreateGrant',
      { ...grant, KeyId: keyId },
      this.#as(user),
    );
    return GrantToken ?? '';
  }

  /** Ends a grant; one that is gone already is no error. */
  async retire(grantToken: string, user: KeyUser): Promise<void> {
    try {
      await this.engine.calls.call('kms', 'RetireGrant', { GrantToken: grantToken }, this.#as(user));
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'InvalidGrantTokenException')) throw error;
    }
  }

  #as({ caller, region }: KeyUser): KeyUser {
    return { caller: callerVia(caller, this.service, region), region };
  }
}
