import { createHash } from 'node:crypto';
import { unsupported } from '@outbox/local-cloud-kernel';
import { invalidDigest, refused } from './errors';
import type { Checksum, ChecksumAlgorithm } from './model';

/** Checksums as inputs and outputs have them. */
export interface NamedChecksums {
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/** Members of inputs that `checksumOf` reads. */
export const CHECKSUM_OPTIONS = [
  ...['ChecksumAlgorithm', 'ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256'],
  'ContentMD5',
];

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
const MD5_BYTES = 16;

/** Reflected polynomials. Source: RFC 3720 for Castagnoli's, the NVM Express specification for the one of 64 bits. */
const CRC32 = tableOf(0xedb88320n);
const CRC32C = tableOf(0x82f63b78n);
const CRC64NVME = tableOf(0x9a6c9329ac4bc9b5n);

/**
 * The checksum of what is put: the one that is sent, verified, or the one that S3 works out by itself, CRC-64/NVME.
 * Source: S3 user guide, "Checking object integrity".
 * @throws AwsError BadDigest when bytes and checksum don't fit, InvalidDigest for a Content-MD5 that is none
 */
export function checksumOf(
  bytes: Uint8Array,
  sent: NamedChecksums & { readonly ContentMD5?: string | undefined; readonly ChecksumAlgorithm?: string | undefined },
): Checksum {
  if (sent.ContentMD5 !== undefined) checkMd5(bytes, sent.ContentMD5);
  const named = namedIn(sent);
  const algorithm = named?.algorithm ?? 'CRC64NVME';
  const value = digest(algorithm, bytes).toString('base64');
  if (named && named.value !== value) {
    throw refused('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** Source: S3 API reference, "List of error codes". */
function checkMd5(bytes: Uint8Array, sent: string): void {
  const md5 = Buffer.from(sent, 'base64');
  if (md5.byteLength !== MD5_BYTES || md5.toString('base64') !== sent) throw invalidDigest(sent);
  if (createHash('md5').update(bytes).digest().equals(md5)) return;
  throw refused('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
}

/** The algorithm that is asked for, S3's own where none is. @throws AwsError UnsupportedOperation for one not run */
export function readAlgorithm(operation: string, algorithm = 'CRC64NVME'): ChecksumAlgorithm {
  const known = ALGORITHMS.find((each) => each === algorithm);
  if (known === undefined) throw unsupported('s3', operation, `the checksum ${algorithm}`);
  return known;
}

/** The checksum that an input names. */
export function namedIn(sent: NamedChecksums): Pick<Checksum, 'algorithm' | 'value'> | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = sent[`Checksum${algorithm}`];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/** A checksum as outputs have it. */
export function nameChecksum({ algorithm, value }: Pick<Checksum, 'algorithm' | 'value'>): NamedChecksums {
  return { [`Checksum${algorithm}`]: value };
}

/** A checksum's bytes. */
export function digest(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Buffer {
  switch (algorithm) {
    case 'SHA1':
    case 'SHA256':
      return createHash(algorithm).update(bytes).digest();
    case 'CRC32':
      return crc(bytes, CRC32, 4);
    case 'CRC32C':
      return crc(bytes, CRC32C, 4);
    case 'CRC64NVME':
      return crc(bytes, CRC64NVME, 8);
  }
}

/** For every byte, what it does to the low and the high half of a checksum. */
interface CrcTable {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

function tableOf(polynomial: bigint): CrcTable {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    low[byte] = Number(value & 0xffffffffn);
    high[byte] = Number(value >> 32n);
  }
  return { low, high };
}

/** In halves of 32 bits: whole numbers of 64 are ten times as slow. */
function crc(bytes: Uint8Array, table: CrcTable, size: 4 | 8): Buffer {
  let low = 0xffffffff;
  let high = size === 8 ? 0xffffffff : 0;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = (((low >>> 8) | (high << 24)) ^ (table.low[index] ?? 0)) >>> 0;
    high = ((high >>> 8) ^ (table.high[index] ?? 0)) >>> 0;
  }
  const result = Buffer.alloc(size);
  result.writeUInt32BE(~low >>> 0, size - 4);
  if (size === 8) result.writeUInt32BE(~high >>> 0, 0);
  return result;
}
