import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from './clock';

/** The only source of new identifiers in a function. */
export interface Ids {
  /** A UUIDv7 (RFC 9562 §5.7): sorts by time of creation, millisecond resolution. */
  next(): string;
}

/** Ids from the given clock and 16 random bytes per id; the defaults are the machine's. */
export function createIds(clock: Clock = systemClock, random: () => Uint8Array = () => randomBytes(16)): Ids {
  return { next: () => uuidV7(clock.now(), random()) };
}

/**
 * Lays out a UUIDv7: 48 bits of `epochMs`, then version, variant and 74 of the random bits.
 * @throws RangeError when `random` has fewer than 16 bytes
 */
export function uuidV7(epochMs: number, random: Uint8Array): string {
  if (random.length < 16) throw new RangeError(`uuidV7 needs 16 random bytes, got ${random.length}`);
  const bytes = Buffer.from(random.subarray(0, 16));
  bytes.writeUIntBE(epochMs, 0, 6);
  return formatUuid(bytes, 7);
}

/**
 * Stamps version and variant on 16 bytes and prints them in the canonical form.
 * @throws RangeError when `source` has fewer than 16 bytes
 */
export function formatUuid(source: Uint8Array, version: 7 | 8): string {
  if (source.length < 16) throw new RangeError(`a UUID has 16 bytes, got ${source.length}`);
  const bytes = Buffer.from(source.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
