import { randomBytes, randomUUID } from 'node:crypto';
import type { Ids } from './engine';

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Ids from the operating system's randomness. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  token: (length, alphabet = ALPHANUMERIC) =>
    Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join(''),
  random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
