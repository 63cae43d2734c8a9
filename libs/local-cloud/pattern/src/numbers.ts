/** A number that Event Ruler can't compare: it equals only what is written the same. */
export interface IncomparableNumber {
  readonly literal: string;
}

/**
 * Whether a JSON number is exactly the shortest decimal of its double. Event Ruler compares no others, such as
 * 9007199254740993 and 1e309 (aws/event-ruler, ComparableNumber).
 */
export function isComparable(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && decimal(String(value)) === decimal(literal);
}

/** One spelling per decimal number: sign, digits without zeros at either end, exponent. */
function decimal(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
