import type { BinaryLike, Hash, Hmac } from 'node:crypto';

/**
 * Stands in for `node:crypto` in the bundle of a function without a client, and loads it for whoever calls it first: there
 * only Powertools' logger may, which draws by it whose details are logged. Loading it takes a quarter of such a cold start.
 */
const crypto = () => process.getBuiltinModule('node:crypto');

export function randomInt(min: number, max: number): number {
  return crypto().randomInt(min, max);
}

export function randomBytes(size: number): Buffer {
  return crypto().randomBytes(size);
}

export function createHash(algorithm: string): Hash {
  return crypto().createHash(algorithm);
}

export function createHmac(algorithm: string, key: BinaryLike): Hmac {
  return crypto().createHmac(algorithm, key);
}

export function getRandomValues<T extends NodeJS.ArrayBufferView>(array: T): T {
  return crypto().getRandomValues(array);
}
