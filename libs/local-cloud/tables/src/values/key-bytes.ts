import { createHash } from 'node:crypto';
import { typeOf, type AttributeValue } from './attribute-value';
import { decimalBytes, parseDecimal } from './decimal';

/** Bytes of a key's value in whose order DynamoDB sorts: strings by UTF-8, numbers by value, binaries as unsigned bytes. */
export function keyBytes(value: AttributeValue): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('N' in value) return decimalBytes(parseDecimal(value.N));
  if ('B' in value) return Buffer.from(value.B, 'base64');
  throw new Error(`a key can't be of type ${typeOf(value)}`);
}

/** Bytes that decide where a hash key lies: partitions aren't in the order of their keys. */
export const PARTITION_BYTES = 4;

/** A hash key's bytes with its partition in front. */
export function hashBytes(value: AttributeValue): Buffer {
  const bytes = keyBytes(value);
  return Buffer.concat([createHash('md5').update(bytes).digest().subarray(0, PARTITION_BYTES), bytes]);
}

/** Where a part of all partitions begins, for scans in segments; undefined for the end of the last. */
export function partitionStart(segment: number, segments: number): Buffer | undefined {
  const at = Math.ceil((segment / segments) * 2 ** (8 * PARTITION_BYTES));
  if (at >= 2 ** (8 * PARTITION_BYTES)) return undefined;
  const bytes = Buffer.alloc(PARTITION_BYTES);
  bytes.writeUInt32BE(at);
  return bytes;
}

/** The least bytes that are greater than all that start with `prefix`; undefined where there are none. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  for (let last = prefix.length - 1; last >= 0; last -= 1) {
    const byte = prefix[last] ?? 255;
    if (byte < 255) return Buffer.concat([prefix.subarray(0, last), Buffer.of(byte + 1)]);
  }
  return undefined;
}
