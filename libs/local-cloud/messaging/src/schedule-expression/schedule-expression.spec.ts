import fc from 'fast-check';
import { parseRuleSchedule, parseSchedule } from './schedule-expression';
import { isTimeZone, localMinute } from './zoned-time';

const at = (iso: string): number => Date.parse(iso);
const times = (expression: string, from: string, count: number, zone = 'UTC'): string[] => {
  const parsed = parseSchedule(expression);
  if (parsed?.kind !== 'cron') throw new Error(`${expression} is no cron`);
  const found: string[] = [];
  let last: number | undefined = at(from);
  while (found.length < count) {
    last = parsed.cron.after(last, zone);
    if (last === undefined) break;
    found.push(new Date(last).toISOString().slice(0, 16));
  }
  return found;
};

describe('a schedule expression', () => {
  it.each([
    ['cron(0 10 * * ? *)', ['2026-01-30T10:00', '2026-01-31T10:00', '2026-02-01T10:00']],
    ['cron(0/15 9 * * ? *)', ['2026-01-30T09:00', '2026-01-30T09:15', '2026-01-30T09:30']],
    ['cron(5-20/10 0,12 * * ? *)', ['2026-01-30T00:05', '2026-01-30T00:15', '2026-01-30T12:05']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-01-30T18:00', '2026-02-02T18:00', '2026-02-03T18:00']],
    ['cron(0 0 L * ? *)', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    // 1 February 2026 is a Sunday, 15 August a Saturday.
    ['cron(0 0 1W 2,8 ? *)', ['2026-02-02T00:00', '2026-08-03T00:00', '2027-02-01T00:00']],
    ['cron(0 0 15W AUG ? 2026)', ['2026-08-14T00:00']],
    ['cron(15 10 ? * 6L *)', ['2026-01-30T10:15', '2026-02-27T10:15', '2026-03-27T10:15']],
    ['cron(0 0 ? * 3#2 *)', ['2026-02-10T00:00', '2026-03-10T00:00', '2026-04-14T00:00']],
    ['cron(0 0 ? * tue#5 *)', ['2026-03-31T00:00', '2026-06-30T00:00', '2026-09-29T00:00']],
    ['cron(0 0 ? * L *)', ['2026-01-31T00:00', '2026-02-07T00:00', '2026-02-14T00:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(30 4 1 1 ? 2027-2028)', ['2027-01-01T04:30', '2028-01-01T04:30']],
    // Ranges that pass the end of their field: the first is an example of the EventBridge guide.
    ['cron(0/30 20-2 ? * MON-FRI *)', ['2026-01-30T00:00', '2026-01-30T00:30', '2026-01-30T01:00']],
    ['cron(0 22-2/2 * * ? *)', ['2026-01-30T00:00', '2026-01-30T02:00', '2026-01-30T22:00']],
    ['cron(0 0 ? * SAT-MON *)', ['2026-01-31T00:00', '2026-02-01T00:00', '2026-02-02T00:00']],
    ['cron(0 0 1 NOV-FEB ? *)', ['2026-02-01T00:00', '2026-11-01T00:00', '2026-12-01T00:00']],
    ['cron(0 0 31 2 ? *)', []],
    ['cron(0 0 * * ? 2020)', []],
  ])('%s', (expression, expected) => {
    expect(times(expression, '2026-01-29T23:59:30Z', 3)).toEqual(expected);
  });

  it('goes by the clocks of its time zone', () => {
    expect(times('cron(0 9 * * ? *)', '2026-03-28T00:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-03-28T08:00',
      '2026-03-29T07:00',
    ]);
  });

  it('skips what the clocks jump over in spring, and runs once what they show twice in autumn', () => {
    expect(times('cron(30 2 * * ? *)', '2026-03-07T12:00:00Z', 2, 'America/New_York')).toEqual([
      '2026-03-09T06:30',
      '2026-03-10T06:30',
    ]);
    expect(times('cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', 2, 'America/New_York')).toEqual([
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]);
  });

  it('reads rates', () => {
    expect(parseSchedule('rate(1 minute)')).toEqual({ kind: 'rate', periodMs: 60_000 });
    expect(parseSchedule('rate(12 hours)')).toEqual({ kind: 'rate', periodMs: 43_200_000 });
    expect(parseSchedule('rate(2 days)')).toEqual({ kind: 'rate', periodMs: 172_800_000 });
    expect(parseSchedule('rate(1 hours)')).toEqual({ kind: 'rate', periodMs: 3_600_000 });
    expect(parseSchedule('rate(5 minute)')).toEqual({ kind: 'rate', periodMs: 300_000 });
  });

  it('reads what rules take', () => {
    expect(parseRuleSchedule('rate(1 minute)')).toEqual({ kind: 'rate', periodMs: 60_000 });
    expect(parseRuleSchedule('rate(12 hours)')).toEqual({ kind: 'rate', periodMs: 43_200_000 });
    expect(parseRuleSchedule('cron(0 10 * * ? *)')?.kind).toBe('cron');
    for (const text of ['rate(1 minutes)', 'rate(5 minute)', 'rate(01 days)', 'at(2026-07-01T09:00:30)', 'rate(5)']) {
      expect(parseRuleSchedule(text)).toBeUndefined();
    }
  });

  it('reads one time in a time zone', () => {
    const parsed = parseSchedule('at(2026-07-01T09:00:30)');
    expect(parsed?.kind === 'at' && parsed.instant('Asia/Tokyo')).toBe(at('2026-07-01T00:00:30Z'));
  });

  it.each([
    'rate(0 minutes)',
    'rate(5 seconds)',
    'rate(5  minutes)',
    ' rate(5 minutes)',
    'rate(5 minutes) ',
    'every(5 minutes)',
    'cron(0 10 * * *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(60 10 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 32W * ? *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * 2#6 *)',
    'cron(0 0 * * ? 2030-2029)',
    'cron(0/0 0 * * ? *)',
    'cron(, 0 * * ? *)',
    'cron(0 0 * * ? 1969)',
    'at(2026-02-30T00:00:00)',
    'at(2026-02-03T24:00:00)',
    'at(2026-02-03T10:00)',
  ])('is not %j', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });

  it('never answers a time that is not later, nor one whose clocks show another minute', () => {
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, instants, fc.nat(23), fc.nat(59), (zone, instant, hour, minute) => {
        const parsed = parseSchedule(`cron(${minute} ${hour} * * ? *)`);
        const next = parsed?.kind === 'cron' ? parsed.cron.after(instant, zone) : undefined;
        expect(next).toBeGreaterThan(instant);
        expect(localMinute(next ?? 0, zone)).toMatchObject({ hour, minute });
      }),
      { numRuns: 200 },
    );
  });

  it('knows the time zones there are', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(isTimeZone('+01:00')).toBe(false);
  });
});
