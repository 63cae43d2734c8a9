import { OUTAGE_KINDS, planOutages, stepMs } from './scenario';

const HOUR_MS = 3_600_000;
const lengths = (kinds: string, hours: string): string[] =>
  planOutages(kinds, hours).map(({ kind, lengthMs }) => `${kind} ${lengthMs / HOUR_MS}`);

describe('planOutages', () => {
  it('goes through every kind at its own lengths when nothing is asked for', () => {
    const all = Object.entries(OUTAGE_KINDS).flatMap(([kind, { hours }]) => hours.map((length) => `${kind} ${length}`));
    expect(lengths('', '')).toEqual(all);
    expect(all).toEqual(expect.arrayContaining(['pipe-stopped 2', 'pipe-stopped 20']));
  });

  it('takes the kinds and the lengths that are asked for', () => {
    expect(lengths('bus-denied, pipe-stopped', '0.5,7')).toEqual([
      'bus-denied 0.5',
      'bus-denied 7',
      'pipe-stopped 0.5',
      'pipe-stopped 7',
    ]);
  });

  it.each([
    ['pipe', '', 'OUTAGES: pipe is not known; kinds are pipe-stopped'],
    ['toString', '', 'OUTAGES: toString is not known'],
    ['', '0', 'HOURS: 0 is no number above 0'],
    ['', '2,soon', 'HOURS: soon is no number'],
    ['', '73', 'HOURS: 73 is no number above 0 and up to 72'],
  ])('refuses OUTAGES=%s HOURS=%s', (kinds, hours, message) => {
    expect(() => planOutages(kinds, hours)).toThrow(message);
  });
});

describe('stepMs', () => {
  it.each([
    [0.5, 1],
    [2, 2],
    [20, 15],
    [72, 15],
  ])('takes an outage of %s h in steps of %s min', (hours, minutes) => {
    expect(stepMs(hours * HOUR_MS)).toBe(minutes * 60_000);
  });
});
