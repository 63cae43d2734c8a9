import { own, unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { decrypt, encrypt, randomBytes, readHead } from './cipher';
import { checkNumber, constraint, incorrectKey, invalidCiphertext, validation } from './errors';
import { keyArn } from './keys';
import type { KeyRecord } from './model';
import { assertUsable, getKey, onKey, refuse, type KmsOperations, type KmsParts } from './operation';
import { MOST_DATA_KEY, MOST_PLAINTEXT } from './limits';

const DATA_KEY_BYTES: Readonly<Record<string, number | undefined>> = { AES_128: 16, AES_256: 32 };
const ALGORITHM = 'SYMMETRIC_DEFAULT';

interface DataKeyInput {
  readonly KeyId?: string | undefined;
  readonly KeySpec?: string | undefined;
  readonly NumberOfBytes?: number | undefined;
  readonly EncryptionContext?: Readonly<Record<string, string>> | undefined;
}

/** What keys are for. Ciphertexts are in a format of the engine's own, as AWS's is AWS's own. */
export function cryptoOperations(parts: KmsParts): KmsOperations {
  const { engine, keys } = parts;
  const usable = (context: RequestContext, id: string | undefined): KeyRecord => {
    const key = getKey(parts, context, id, 'or-alias');
    assertUsable(key);
    return key;
  };
  /** A ciphertext names its key; naming another one is an error. */
  const keyOf = (context: RequestContext, blob: Uint8Array | undefined, id: string | undefined) => {
    const head = readHead(blob ?? new Uint8Array());
    const found = head && keys.ofCiphertext(context.region, head.keyId);
    return { head, found, named: id === undefined ? found : keys.find(context, id) };
  };
  const opened = (
    context: RequestContext,
    blob: Uint8Array | undefined,
    id: string | undefined,
    bound: Readonly<Record<string, string>> | undefined,
  ) => {
    const { head, found } = keyOf(context, blob, id);
    if (id !== undefined) {
      const named = usable(context, id);
      if (found && found.id !== named.id) throw incorrectKey();
    }
    const material = head && found?.material[head.material];
    if (!blob || !found || material === undefined) throw invalidCiphertext();
    assertUsable(found);
    const plaintext = decrypt(material, blob, bound);
    if (!plaintext) throw invalidCiphertext();
    return { key: found, plaintext };
  };
  const onCiphertext = (
    context: RequestContext,
    action: string,
    blob: Uint8Array | undefined,
    id: string | undefined,
    bound: Readonly<Record<string, string>> | undefined,
  ) => {
    const { found, named } = keyOf(context, blob, id);
    const key = named ?? found;
    // What no key here has encrypted is nobody's: the answer is that it can't be read.
    return key || id !== undefined ? [onKey(parts, context, key, action, { name: id, bound })] : [];
  };
  const dataKey = (operation: string, input: DataKeyInput, context: RequestContext) => {
    refuse(operation, input, 'GrantTokens', 'DryRun', 'Recipient');
    const key = usable(context, input.KeyId);
    const plaintext = randomBytes(engine.ids, sizeOf(input));
    return {
      KeyId: keyArn(key),
      plaintext,
      CiphertextBlob: encrypt(engine.ids, key, plaintext, input.EncryptionContext),
    };
  };
  const onDataKey = (action: string) => (input: DataKeyInput, context: RequestContext) => {
    const key = keys.find(context, input.KeyId ?? '');
    return [onKey(parts, context, key, action, { name: input.KeyId, bound: input.EncryptionContext })];
  };

  return {
    Encrypt: {
      requires: (input, context) => {
        const key = keys.find(context, input.KeyId ?? '');
        return [onKey(parts, context, key, 'Encrypt', { name: input.KeyId, bound: input.EncryptionContext })];
      },
      handle: (input, context) => {
        refuse('Encrypt', input, 'GrantTokens', 'DryRun');
        checkAlgorithm('Encrypt', input.EncryptionAlgorithm);
        const plaintext = input.Plaintext ?? new Uint8Array();
        if (plaintext.length === 0) {
          throw constraint('*****', 'plaintext', 'Member must have length greater than or equal to 1');
        }
        if (plaintext.length > MOST_PLAINTEXT) {
          throw constraint('*****', 'plaintext', `Member must have length less than or equal to ${MOST_PLAINTEXT}`);
        }
        const key = usable(context, input.KeyId);
        return {
          KeyId: keyArn(key),
          CiphertextBlob: encrypt(engine.ids, key, plaintext, input.EncryptionContext),
          EncryptionAlgorithm: ALGORITHM,
        };
      },
    },
    Decrypt: {
      requires: (input, context) =>
        onCiphertext(context, 'Decrypt', input.CiphertextBlob, input.KeyId, input.EncryptionContext),
      handle: (input, context) => {
        refuse('Decrypt', input, 'GrantTokens', 'DryRun', 'DryRunModifiers', 'Recipient');
        checkAlgorithm('Decrypt', input.EncryptionAlgorithm);
        const { key, plaintext } = opened(context, input.CiphertextBlob, input.KeyId, input.EncryptionContext);
        return { KeyId: keyArn(key), Plaintext: plaintext, EncryptionAlgorithm: ALGORITHM };
      },
    },
    ReEncrypt: {
      requires: (input, context) => {
        const key = keys.find(context, input.DestinationKeyId ?? '');
        const bound = input.DestinationEncryptionContext;
        return [
          ...onCiphertext(
            context,
            'ReEncryptFrom',
            input.CiphertextBlob,
            input.SourceKeyId,
            input.SourceEncryptionContext,
          ),
          onKey(parts, context, key, 'ReEncryptTo', { name: input.DestinationKeyId, bound }),
        ];
      },
      handle: (input, context) => {
        refuse('ReEncrypt', input, 'GrantTokens', 'DryRun', 'DryRunModifiers');
        checkAlgorithm('ReEncrypt', input.SourceEncryptionAlgorithm);
        checkAlgorithm('ReEncrypt', input.DestinationEncryptionAlgorithm);
        const from = opened(context, input.CiphertextBlob, input.SourceKeyId, input.SourceEncryptionContext);
        const to = usable(context, input.DestinationKeyId);
        return {
          CiphertextBlob: encrypt(engine.ids, to, from.plaintext, input.DestinationEncryptionContext),
          SourceKeyId: keyArn(from.key),
          KeyId: keyArn(to),
          SourceEncryptionAlgorithm: ALGORITHM,
          DestinationEncryptionAlgorithm: ALGORITHM,
        };
      },
    },
    GenerateDataKey: {
      requires: onDataKey('GenerateDataKey'),
      handle: (input, context) => {
        const { plaintext, ...sealed } = dataKey('GenerateDataKey', input, context);
        return { ...sealed, Plaintext: plaintext };
      },
    },
    GenerateDataKeyWithoutPlaintext: {
      requires: onDataKey('GenerateDataKeyWithoutPlaintext'),
      handle: (input, context) => {
        const { KeyId, CiphertextBlob } = dataKey('GenerateDataKeyWithoutPlaintext', input, context);
        return { KeyId, CiphertextBlob };
      },
    },
  };
}

function checkAlgorithm(operation: string, algorithm: string = ALGORITHM): void {
  if (algorithm !== ALGORITHM) throw unsupported('kms', operation, `EncryptionAlgorithm ${algorithm}`);
}

/** Bytes of a data key: by its spec, or as many as asked for; one of the two. */
function sizeOf({ KeySpec: spec, NumberOfBytes: bytes }: DataKeyInput): number {
  if ((spec === undefined) === (bytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.');
  }
  if (bytes === undefined) {
    const size = own(DATA_KEY_BYTES, spec);
    if (size === undefined) {
      throw constraint(spec, 'keySpec', 'Member must satisfy enum value set: [AES_128, AES_256]');
    }
    return size;
  }
  checkNumber(bytes, 'numberOfBytes', 1, MOST_DATA_KEY);
  return bytes;
}
