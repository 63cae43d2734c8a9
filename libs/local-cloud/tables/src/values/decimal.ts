import { validation } from '../errors';
import { MAX_DIGITS, MAX_EXPONENT } from '../limits';

/** A number: sign × 0.digits × 10^exponent; digits have no zero at either end, and are empty for zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const MIN_EXPONENT = -129;

const NUMBER = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?$/;
/** Whole numbers as most programs write them: their text is the canonical one already. */
const PLAIN = /^(?:0|-?[1-9]\d{0,37})$/;

/**
 * Reads a number.
 * @throws AwsError ValidationException in AWS's words; as recorded from AWS in the tests of the emulator dynalite
 */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole, part, onlyPart, power] = NUMBER.exec(text) ?? [];
  if (sign === undefined) throw validation(`The parameter cannot be converted to a numeric value: ${text}`);
  const before = whole ?? '';
  const all = before + (whole === undefined ? (onlyPart ?? '') : (part ?? ''));
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(leading).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return checked({ negative: sign === '-', digits, exponent: before.length - leading + Number(power ?? 0) });
}

/** The number's text as DynamoDB returns it: without an exponent, and without zeros that say nothing. */
export function canonicalNumber(text: string): string {
  return PLAIN.test(text) ? text : formatDecimal(parseDecimal(text));
}

export function formatDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return `${sign}${digits.padEnd(exponent, '0')}`;
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** a + b, or a - b. @throws AwsError ValidationException where the result is out of range or needs more than 38 digits */
export function addDecimals(a: Decimal, b: Decimal, minus = false): Decimal {
  const scale = Math.min(a.exponent - a.digits.length, b.exponent - b.digits.length);
  const right = scaled(b, scale);
  const sum = scaled(a, scale) + (minus ? -right : right);
  const text = String(sum < 0 ? -sum : sum);
  const digits = text.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return checked({ negative: sum < 0, digits, exponent: text.length + scale });
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB || signA === 0) return signA - signB;
  const size = a.exponent - b.exponent || (a.digits < b.digits ? -1 : Number(a.digits > b.digits));
  return a.negative ? -size : size;
}

/** Bytes whose order is that of the numbers: sign, exponent, digits; for negative ones the complement. */
export function decimalBytes({ negative, digits, exponent }: Decimal): Buffer {
  if (digits === '') return Buffer.of(1);
  const bytes = Buffer.concat([Buffer.of(2, exponent - MIN_EXPONENT), Buffer.from(digits, 'latin1')]);
  if (!negative) return bytes;
  for (let at = 1; at < bytes.length; at += 1) bytes[at] = 255 - (bytes[at] ?? 0);
  bytes[0] = 0;
  // Of two where one starts with the other, the longer is the smaller.
  return Buffer.concat([bytes, Buffer.of(255)]);
}

function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  if (digits === '') return BigInt(0);
  const size = BigInt(digits.padEnd(exponent - scale, '0'));
  return negative ? -size : size;
}

function signOf({ negative, digits }: Decimal): number {
  if (digits === '') return 0;
  return negative ? -1 : 1;
}

function checked(number: Decimal): Decimal {
  if (number.digits.length > MAX_DIGITS) {
    throw validation('Attempting to store more than 38 significant digits in a Number');
  }
  if (number.exponent > MAX_EXPONENT) {
    throw validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (number.exponent < MIN_EXPONENT) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  return number;
}
