import { timetable } from './timetable';
import type { ScheduleSettings } from './schedule-store';

const at = (iso: string): number => Date.parse(iso);
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();
const NOW = at('2026-01-01T00:00:30Z');

function settings(ScheduleExpression: string, others: Partial<ScheduleSettings> = {}): ScheduleSettings {
  return { ScheduleExpression, FlexibleTimeWindow: { Mode: 'OFF' }, Target: undefined, ...others };
}

describe('a timetable', () => {
  it('of a rate begins at once, or with its start date and keeps its beat', () => {
    expect(timetable(settings('rate(1 hour)')).first(NOW)).toBe(NOW);
    const later = timetable(settings('rate(1 hour)', { startAt: at('2026-01-01T05:10:00Z') }));
    expect(iso(later.first(NOW))).toBe('2026-01-01T05:10:00.000Z');
    const earlier = timetable(settings('rate(1 hour)', { startAt: at('2025-12-31T23:57:00Z') }));
    expect(iso(earlier.first(NOW))).toBe('2026-01-01T00:57:00.000Z');
    expect(iso(earlier.next(at('2026-01-01T00:57:00Z'), at('2026-01-01T04:00:00Z')))).toBe('2026-01-01T04:57:00.000Z');
  });

  it('of days is 24 hours by the clock, whatever daylight saving does', () => {
    const daily = timetable(settings('rate(1 day)', { ScheduleExpressionTimezone: 'America/New_York' }));
    const before = at('2026-03-07T17:00:00Z');
    expect(iso(daily.next(before, before))).toBe('2026-03-08T17:00:00.000Z');
  });

  it('of cron goes by its time zone, from its start date to its end date', () => {
    const times = timetable(
      settings('cron(30 9 * * ? *)', {
        ScheduleExpressionTimezone: 'Asia/Kolkata',
        startAt: at('2026-01-02T04:00:00Z'),
        endAt: at('2026-01-03T03:59:59Z'),
      }),
    );
    expect(iso(times.first(NOW))).toBe('2026-01-02T04:00:00.000Z');
    expect(times.next(at('2026-01-02T04:00:00Z'), at('2026-01-02T04:00:00Z'))).toBeUndefined();
  });

  it('of one time ends with it, and knows no start and end date', () => {
    const once = timetable(settings('at(2026-01-01T00:05:00)', { endAt: at('2026-01-01T00:01:00Z') }));
    expect(iso(once.first(NOW))).toBe('2026-01-01T00:05:00.000Z');
    expect(once.next(at('2026-01-01T00:05:00Z'), at('2026-01-01T00:05:00Z'))).toBeUndefined();
    expect(once.first(at('2026-01-01T00:06:00Z'))).toBeUndefined();
  });
});
