/** No amount, price or total, has more digits than this in minor units; it fits every JSON reader's integer. */
const MAX_MINOR = 999_999_999_999_999n;

export type ParsedAmount =
  { readonly kind: 'amount'; readonly minor: bigint } | { readonly kind: 'invalid'; readonly detail: string };

/**
 * Reads a decimal ("19.99") as integer minor units (1999n). Exact: nothing is rounded, ever.
 * Refuses signs, exponents, more decimals than the currency has, and amounts above 999,999,999,999,999 minor units.
 */
export function parseAmount(text: string, decimals: number): ParsedAmount {
  const [, whole, fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined)
    return { kind: 'invalid', detail: 'must be a decimal such as "19.99", without sign or exponent' };
  if (fraction.length > decimals) {
    return {
      kind: 'invalid',
      detail: `must have at most ${decimals} decimals in this currency, has ${fraction.length}`,
    };
  }
  if (whole.length > 15) return { kind: 'invalid', detail: 'is too large' };
  const minor = BigInt(whole + fraction.padEnd(decimals, '0'));
  return minor > MAX_MINOR ? { kind: 'invalid', detail: 'is too large' } : { kind: 'amount', minor };
}

/** Prints minor units with exactly the currency's decimals. */
export function formatAmount(minor: bigint, decimals: number): string {
  const digits = minor.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Sum of quantity × price, or undefined when it is more than an amount can be. */
export function totalOf(lines: readonly { readonly quantity: number; readonly minor: bigint }[]): bigint | undefined {
  const total = lines.reduce((sum, { quantity, minor }) => sum + BigInt(quantity) * minor, 0n);
  return total > MAX_MINOR ? undefined : total;
}
