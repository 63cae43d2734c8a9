import { alarmsOf, holds, parseRule } from './rule';
import type { StateValue } from '../model';

const STATES: Record<string, StateValue> = {
  a: 'ALARM',
  b: 'OK',
  c: 'INSUFFICIENT_DATA',
  'two words': 'ALARM',
  'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a': 'ALARM',
};
const decide = (rule: string): boolean => holds(parseRule(rule), (alarm) => STATES[alarm]);

describe("a composite alarm's rule", () => {
  it.each([
    ['TRUE', true],
    ['FALSE', false],
    ['false', false],
    ['ALARM(a)', true],
    ['ALARM( b )', false],
    ['OK("b") AND INSUFFICIENT_DATA(c)', true],
    ['ALARM("two words")', true],
    ['ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)', true],
    ['NOT ALARM(a) OR OK(b)', true],
    ['NOT (ALARM(a) OR OK(b))', false],
    // AND binds closer than OR.
    ['ALARM(a) OR ALARM(b) AND FALSE', true],
    ['(ALARM(a) OR ALARM(b)) AND FALSE', false],
    ['NOT NOT ALARM(a)', true],
    ['ALARM(gone) OR OK(gone)', false],
  ])('%s', (rule, expected) => {
    expect(decide(rule)).toBe(expected);
  });

  it('names each alarm once', () => {
    expect(alarmsOf('ALARM(a) AND (OK(a) OR NOT ALARM("b c"))')).toEqual(['a', 'b c']);
  });

  it.each(['', 'ALARM', 'ALARM()', 'ALARM(a', 'ALARM(a) OK(b)', 'a AND b', 'ALARM(a) AND', '"ALARM"(a)', 'ALARM("a)'])(
    'refuses %j',
    (rule) => {
      expect(() => parseRule(rule)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
    },
  );

  it('refuses what it does not run by name', () => {
    expect(() => parseRule('AT_LEAST(1, ALARM, (a, b))')).toThrow(
      expect.objectContaining({ code: 'UnsupportedOperation' }),
    );
  });
});
