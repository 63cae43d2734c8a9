import { constraintsOf } from './constraints';
import { AwsError } from './errors';

const { checkText, checkOneOf, checkNumber, checkCount } = constraintsOf();

describe('constraints of an API model', () => {
  it.each<[string, () => void, string]>([
    ['a text too short', () => checkText('', 'name', {}), "Value '' at 'name' … length greater than or equal to 1"],
    [
      'a text too long',
      () => checkText('abc', 'name', { most: 2 }),
      "Value 'abc' at 'name' … length less than or equal to 2",
    ],
    ['part of a pattern', () => checkText('a b', 'name', { pattern: 'a|b' }), "Value 'a b' at 'name' … pattern: a|b"],
    ['another value', () => checkOneOf('C', 'state', ['A', 'B']), "Value 'C' at 'state' … enum value set: [A, B]"],
    [
      'a number too small',
      () => checkNumber(0, 'limit', 1, 5),
      "Value '0' at 'limit' … value greater than or equal to 1",
    ],
    ['a number too large', () => checkNumber(6, 'limit', 1, 5), "Value '6' at 'limit' … value less than or equal to 5"],
    ['half a number', () => checkNumber(1.5, 'limit', 1, 5), "Value '1.5' at 'limit' … whole number"],
    ['too few elements', () => checkCount([], 'ids', 1), "Value '[]' at 'ids' … length greater than or equal to 1"],
    ['too many', () => checkCount([1, 2], 'ids', 1, 1), "Value '[1,2]' at 'ids' … length less than or equal to 1"],
  ])('refuses %s', (_case, check, expected) => {
    expect(() => check()).toThrow(AwsError);
    const [start = '', end = ''] = expected.split(' … ');
    const message = messageOf(check);
    expect(message.startsWith(`1 validation error detected: ${start} failed to satisfy constraint: Member must `)).toBe(
      true,
    );
    expect(message.endsWith(end)).toBe(true);
  });

  it('takes what is at a bound, and leaves alone what is not there', () => {
    checkText('ab', 'name', { least: 2, most: 2, pattern: '[ab]+' });
    checkText('ä', 'name', { pattern: '\\p{L}', flags: 'u' });
    checkNumber(5, 'limit', 5, 5);
    checkCount([1], 'ids', 1, 1);
    checkText(undefined, 'name', { pattern: 'a' });
    checkOneOf(undefined, 'state', []);
    checkNumber(undefined, 'limit', 1);
    checkCount(undefined, 'ids', 1);
  });

  it('refuses with the error of its service', () => {
    const iam = constraintsOf((message) => new AwsError('ValidationError', message));
    expect(() => iam.checkNumber(0, 'maxItems', 1)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });
});

function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}
