import { AwsError, type Requirement, type Service, type ServiceName } from '@outbox/local-cloud-kernel';

/** What is sealed, as it can be read again. */
interface Blob {
  readonly KeyId: string | undefined;
  readonly text: string;
  readonly context: unknown;
}

/** A stand-in for KMS that asks for its permissions; what it seals says its key, text and context. A key called `disabled` refuses. */
export function specKeys(): Service<ServiceName> {
  const seal = (blob: Blob) => {
    if (blob.KeyId === 'disabled') throw new AwsError('DisabledException', 'the key is disabled.');
    return { KeyId: blob.KeyId, CiphertextBlob: Buffer.from(JSON.stringify(blob)) };
  };
  const read = (blob: Uint8Array | undefined): Blob => JSON.parse(Buffer.from(blob ?? []).toString()) as Blob;
  const onKey = (action: string, keyId: string | undefined): Requirement[] => [
    { action: `kms:${action}`, resource: keyId ?? '' },
  ];
  const kms: Service<'kms'> = {
    name: 'kms',
    operations: {
      DescribeKey: {
        requires: ({ KeyId }) => onKey('DescribeKey', KeyId),
        handle: ({ KeyId }) => ({ KeyMetadata: { KeyId, Arn: KeyId } }),
      },
      Encrypt: {
        requires: ({ KeyId }) => onKey('Encrypt', KeyId),
        handle: ({ KeyId, Plaintext, EncryptionContext: context }) =>
          seal({ KeyId, text: Buffer.from(Plaintext ?? []).toString(), context }),
      },
      GenerateDataKey: {
        requires: ({ KeyId }) => onKey('GenerateDataKey', KeyId),
        handle: ({ KeyId, EncryptionContext: context }) => seal({ KeyId, text: '', context }),
      },
      Decrypt: {
        requires: ({ CiphertextBlob }) => onKey('Decrypt', read(CiphertextBlob).KeyId),
        handle: ({ CiphertextBlob, EncryptionContext }) => {
          const { KeyId, text, context } = read(CiphertextBlob);
          if (JSON.stringify(context) !== JSON.stringify(EncryptionContext)) throw new Error('another context');
          return { KeyId, Plaintext: Buffer.from(text) };
        },
      },
      CreateGrant: {
        requires: ({ KeyId }) => onKey('CreateGrant', KeyId),
        handle: () => ({ GrantToken: 'token' }),
      },
      RetireGrant: { requires: () => onKey('RetireGrant', '*'), handle: () => ({}) },
    },
  };
  return kms as Service<ServiceName>;
}
