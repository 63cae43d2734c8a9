import { createHash } from 'node:crypto';
import { BadRequestError, readNumber, readObject, readWholeNumber } from './fields';

export const PARTNERS = ['carrier', 'mail'] as const;
export type Partner = (typeof PARTNERS)[number];

/**
 * What may go wrong with a request:
 * - `throttle`: 429 with Retry-After, nothing done
 * - `server-error`: 500, nothing done
 * - `slow`: done `slowMs` later, whether the caller still waits or not
 * - `lost-answer`: done, and the connection is cut in place of the answer
 */
export const FAULTS = ['throttle', 'server-error', 'slow', 'lost-answer'] as const;
export type Fault = (typeof FAULTS)[number];

export type FaultRates = Readonly<Record<Fault, number>>;

export interface FaultSettings extends Readonly<Record<Partner, FaultRates>> {
  readonly seed: number;
  /** How long a slow request takes: longer than its caller waits. */
  readonly slowMs: number;
  readonly retryAfterSeconds: number;
  /** How long a key is remembered: then the same key books, or sends, again. */
  readonly keyMemoryMs: number;
}

const NONE: FaultRates = { throttle: 0, 'server-error': 0, slow: 0, 'lost-answer': 0 };
const HOUR_MS = 3_600_000;

export const NO_FAULTS: FaultSettings = {
  seed: 0,
  carrier: NONE,
  mail: NONE,
  slowMs: 10_000,
  retryAfterSeconds: 1,
  keyMemoryMs: 24 * HOUR_MS,
};

/**
 * The body of `PUT /_faults`; what it leaves out is as in NO_FAULTS.
 * @throws BadRequestError naming the member that is unknown or out of range
 */
export function readFaultSettings(value: unknown): FaultSettings {
  const body = readObject(value, 'body');
  refuseUnknown(body, Object.keys(NO_FAULTS), '');
  const { seed, carrier, mail, slowMs, retryAfterSeconds, keyMemoryMs } = { ...NO_FAULTS, ...body };
  return {
    seed: readWholeNumber(seed, 'seed', 0, Number.MAX_SAFE_INTEGER),
    carrier: readRates(carrier, 'carrier'),
    mail: readRates(mail, 'mail'),
    slowMs: readWholeNumber(slowMs, 'slowMs', 0, HOUR_MS),
    retryAfterSeconds: readWholeNumber(retryAfterSeconds, 'retryAfterSeconds', 0, 3_600),
    keyMemoryMs: readWholeNumber(keyMemoryMs, 'keyMemoryMs', 0, 365 * 24 * HOUR_MS),
  };
}

function readRates(value: unknown, field: Partner): FaultRates {
  const rates = readObject(value, field);
  refuseUnknown(rates, FAULTS, `${field}.`);
  const rate = (fault: Fault): number => readNumber(rates[fault] ?? 0, `${field}.${fault}`, 0, 1);
  const read = Object.fromEntries(FAULTS.map((fault) => [fault, rate(fault)])) as Record<Fault, number>;
  const sum = Object.values(read).reduce((total, one) => total + one, 0);
  // Rates are decimal fractions: ten times 0.1 is a little more than 1.
  if (sum > 1 + Number.EPSILON * FAULTS.length) throw new BadRequestError(field, `has rates that sum to ${sum}, max 1`);
  return read;
}

function refuseUnknown(fields: object, known: readonly string[], prefix: string): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BadRequestError(prefix + unknown, `is not known; known are ${known.join(', ')}`);
}

/** A request as the choice of its fault sees it: `attempt` counts from 1 for each partner, operation and key. */
export interface Attempt {
  readonly partner: Partner;
  readonly operation: string;
  readonly key: string;
  readonly attempt: number;
}

/**
 * The fault that strikes an attempt, or undefined. It depends on the seed and the attempt only, so that what happens to a
 * key is the same in every run, whatever happens to others in between.
 */
export function chooseFault(settings: FaultSettings, { partner, operation, key, attempt }: Attempt): Fault | undefined {
  const text = JSON.stringify([settings.seed, partner, operation, key, attempt]);
  const roll = createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
  let upTo = 0;
  return FAULTS.find((fault) => (upTo += settings[partner][fault]) > roll);
}
