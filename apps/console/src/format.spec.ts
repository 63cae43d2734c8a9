import { duration, rate, ratePerSecond, several } from './format';

describe('figures as a person reads them', () => {
  it.each([
    [0, '0 ms'],
    [412.4, '412 ms'],
    [3_249, '3.2 s'],
    [59_000, '59 s'],
    [130_000, '2 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
    [-1_500, '−1.5 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('a rate is that of the last whole minute and the running one', () => {
    expect(ratePerSecond([500, 60, 30], '2026-01-01T00:00:30.000Z')).toBe(1);
    expect(ratePerSecond([], '2026-01-01T00:00:30.000Z')).toBe(0);
    expect([0, 0.04, 3.21, 1_234].map(rate)).toEqual(['0', '<0.1', '3.2', '1,234']);
  });

  it('counts one and many', () => {
    expect([several(1, 'event'), several(2_000, 'event')]).toEqual(['1 event', '2,000 events']);
  });
});
