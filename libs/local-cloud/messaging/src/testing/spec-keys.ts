import type { Requirement, Service, ServiceName } from '@outbox/local-cloud-kernel';

const onKey = (action: string, keyId: string | undefined): Requirement[] => [
  { action: `kms:${action}`, resource: keyId ?? '' },
];

interface Blob {
  readonly KeyId: string;
  readonly context: Readonly<Record<string, string>>;
}

const read = (blob: Uint8Array | undefined): Blob => JSON.parse(Buffer.from(blob ?? []).toString()) as Blob;

/** A stand-in for KMS that asks for its permissions; what it seals says its key and context. */
export function specKeys(): Service<ServiceName> {
  const kms: Service<'kms'> = {
    name: 'kms',
    operations: {
      DescribeKey: {
        requires: ({ KeyId }) => onKey('DescribeKey', KeyId),
        handle: ({ KeyId }) => ({ KeyMetadata: { KeyId, Arn: KeyId } }),
      },
      GenerateDataKey: {
        requires: ({ KeyId }) => onKey('GenerateDataKey', KeyId),
        handle: ({ KeyId, EncryptionContext: context }) => ({
          KeyId,
          CiphertextBlob: Buffer.from(JSON.stringify({ KeyId, context })),
        }),
      },
      Decrypt: {
        requires: ({ CiphertextBlob }) => onKey('Decrypt', read(CiphertextBlob).KeyId),
        handle: ({ CiphertextBlob, EncryptionContext }) => {
          const { KeyId, context } = read(CiphertextBlob);
          if (JSON.stringify(context) !== JSON.stringify(EncryptionContext)) throw new Error('another context');
          return { KeyId };
        },
      },
    },
  };
  return kms as Service<ServiceName>;
}
