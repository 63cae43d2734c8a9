import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Ids } from '@outbox/local-cloud-kernel';

const HEX = '0123456789abcdef';
const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Format, key id, number of the material. */
const HEAD_BYTES = 1 + 16 + 2;

/** What is bound to a ciphertext without being in it: the same pairs must come with Decrypt. */
export type EncryptionContext = Readonly<Record<string, string>> | undefined;

/** Where a ciphertext says it is from. */
export interface CiphertextHead {
  readonly keyId: string;
  readonly material: number;
}

/** Random bytes out of the engine's own randomness. */
export function randomBytes(ids: Ids, count: number): Uint8Array {
  return Buffer.from(ids.token(count * 2, HEX), 'hex');
}

/** AES-256-GCM; the answer names the key, so that Decrypt finds it. */
export function encrypt(
  ids: Ids,
  key: { readonly id: string; readonly material: readonly string[] },
  plaintext: Uint8Array,
  context: EncryptionContext,
): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(FORMAT, 0);
  Buffer.from(key.id.replaceAll('-', ''), 'hex').copy(head, 1);
  head.writeUInt16BE(key.material.length - 1, 17);
  const iv = randomBytes(ids, IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material.at(-1) ?? '', 'hex'), iv);
  cipher.setAAD(Buffer.concat([head, bound(context)]));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, iv, cipher.getAuthTag(), body]);
}

/** Undefined for what no key here has encrypted. */
export function readHead(ciphertext: Uint8Array): CiphertextHead | undefined {
  const bytes = Buffer.from(ciphertext);
  if (bytes.length < HEAD_BYTES + IV_BYTES + TAG_BYTES || bytes.readUInt8(0) !== FORMAT) return undefined;
  const hex = bytes.toString('hex', 1, 17);
  const keyId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { keyId, material: bytes.readUInt16BE(17) };
}

/** Undefined when the ciphertext was changed, or the context isn't the one it was encrypted under. */
export function decrypt(material: string, ciphertext: Uint8Array, context: EncryptionContext): Uint8Array | undefined {
  const bytes = Buffer.from(ciphertext);
  const ivEnd = HEAD_BYTES + IV_BYTES;
  const tagEnd = ivEnd + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(material, 'hex'), bytes.subarray(HEAD_BYTES, ivEnd));
  decipher.setAAD(Buffer.concat([bytes.subarray(0, HEAD_BYTES), bound(context)]));
  decipher.setAuthTag(bytes.subarray(ivEnd, tagEnd));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]);
  } catch {
    // GCM tells nothing but that something doesn't fit.
    return undefined;
  }
}

function bound(context: EncryptionContext): Uint8Array {
  const pairs = Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}
