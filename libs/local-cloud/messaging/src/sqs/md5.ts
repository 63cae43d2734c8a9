import { createHash } from 'node:crypto';
import type { StoredAttribute } from './message';

export function md5OfText(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/**
 * The digest SDKs check, or undefined without attributes. Algorithm: SQS developer guide, "Calculating the MD5 message
 * digest for message attributes": name, type, transport (1 text, 2 binary) and value, sorted by name, lengths big-endian.
 */
export function md5OfAttributes(attributes: Readonly<Record<string, StoredAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const withLength = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    withLength(Buffer.from(name));
    withLength(Buffer.from(attribute.dataType));
    const binary = attribute.base64 !== undefined;
    hash.update(Buffer.from([binary ? 2 : 1]));
    withLength(Buffer.from(binary ? attribute.base64 : (attribute.text ?? ''), binary ? 'base64' : 'utf8'));
  }
  return hash.digest('hex');
}
