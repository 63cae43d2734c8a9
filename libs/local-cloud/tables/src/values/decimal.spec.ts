import fc from 'fast-check';
import { addDecimals, canonicalNumber, compareDecimals, decimalBytes, formatDecimal, parseDecimal } from './decimal';

/** Whole numbers of up to 30 digits with a scale: as many as DynamoDB takes after an addition. */
const numbers = fc
  .tuple(
    fc.bigInt({ min: -(BigInt(10) ** BigInt(15)), max: BigInt(10) ** BigInt(15) }),
    fc.integer({ min: -9, max: 9 }),
  )
  .map(([digits, power]) => ({ text: `${digits}e${power}`, scaled: digits * BigInt(10) ** BigInt(power + 9) }));

describe('numbers', () => {
  it.each([
    ['1.0', '1'],
    ['-0', '0'],
    ['00.50', '0.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+3', '3'],
    ['1E+3', '1000'],
    ['-1.50e2', '-150'],
    ['0e500', '0'],
    ['1e-3', '0.001'],
    ['1e125', `1${'0'.repeat(125)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });

  it.each([
    ['', 'cannot be converted'],
    ['x', 'cannot be converted'],
    [' 1', 'cannot be converted'],
    ['0x10', 'cannot be converted'],
    ['NaN', 'cannot be converted'],
    ['1e126', 'overflow'],
    ['1e-131', 'underflow'],
    [`1.${'1'.repeat(38)}`, 'more than 38'],
  ])('%s is refused', (text, reason) => {
    expect(() => canonicalNumber(text)).toThrow(reason);
  });

  it('are in one order by value and by bytes', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [left, right] = [parseDecimal(a.text), parseDecimal(b.text)];
        const order = Math.sign(Number(a.scaled - b.scaled));
        expect(Math.sign(compareDecimals(left, right))).toBe(order);
        expect(Math.sign(Buffer.compare(decimalBytes(left), decimalBytes(right)))).toBe(order);
      }),
    );
  });

  it('add up exactly', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.boolean(), (a, b, minus) => {
        const sum = minus ? a.scaled - b.scaled : a.scaled + b.scaled;
        const result = addDecimals(parseDecimal(a.text), parseDecimal(b.text), minus);
        expect(formatDecimal(result)).toBe(canonicalNumber(`${sum}e-9`));
      }),
    );
  });
});
