import { Command, InvalidArgumentError } from 'commander';
import * as fc from 'fast-check';
import { nowOption, parseTime, secondsOption, spanOption, timeNow, timeOption } from './options';

const NOW = Date.UTC(2026, 0, 31);

describe('an option that takes a time', () => {
  it.each([
    ['2026-01-31T00:00:00Z', Date.UTC(2026, 0, 31)],
    ['2026-01-31T00:00Z', Date.UTC(2026, 0, 31)],
    ['2026-01-31T01:30:00.250+01:30', Date.UTC(2026, 0, 31, 0, 0, 0, 250)],
    ['2024-02-29T23:59:59-05:00', Date.UTC(2024, 2, 1, 4, 59, 59)],
    ['30s', NOW - 30_000],
    ['5m', NOW - 300_000],
    ['2h', NOW - 7_200_000],
    ['1d', NOW - 86_400_000],
  ])('takes %s', (text, time) => {
    expect(parseTime(text)(NOW)).toBe(time);
  });

  it('takes every time that JavaScript prints, in any zone', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (time, offset) => {
        const two = (value: number) => String(value).padStart(2, '0');
        const minutes = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
        const local = new Date(time.getTime() + offset * 60_000).toISOString().replace('Z', zone);
        expect([parseTime(time.toISOString())(NOW), parseTime(local)(NOW)]).toEqual([time.getTime(), time.getTime()]);
      }),
    );
  });

  it.each([
    '',
    '5',
    '5 m',
    '-5m',
    '1.5h',
    '5M',
    '1w',
    '1h30m',
    'now',
    'yesterday',
    '2026',
    '2026-01-31',
    '2026-01-31T00:00:00',
    '2026-01-31 00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:30:00Z',
    '2026-01-31T00:00:60Z',
    '2026-01-31T00:00:00+0100',
    '2026-01-31T00:00:00 UTC',
    '1769817600000',
  ])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(InvalidArgumentError);
  });

  it('names the option and shows what it takes', () => {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    command.addOption(timeOption('--since <time>', 'from when')).addOption(nowOption('the time to judge by'));
    expect(() => command.parse(['--since', '5'], { from: 'user' })).toThrow(
      /option '--since <time>' argument '5' is invalid.*2026-01-31T00:00:00Z.*5m/,
    );
    expect(command.helpInformation()).toMatch(/--now <time>\s+the time to judge by/);
  });

  it('counts back from --now where that is given', () => {
    const context = { now: () => NOW };
    expect(timeNow(context, undefined)).toBe(NOW);
    expect(parseTime('1h')(timeNow(context, parseTime('2026-01-01T00:00:00Z')))).toBe(Date.UTC(2025, 11, 31, 23));
  });
});

describe('an option that takes a span', () => {
  it.each([
    ['0', 0],
    ['1.5', 1.5],
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['2h', 7_200],
    ['1d', 86_400],
  ])('takes %s', (text, seconds) => {
    expect(secondsOption(text)).toBe(seconds);
  });

  it.each(['', ' ', '-1', 'soon', '5 m', '1w', 'NaN'])('refuses %j', (text) => {
    expect(() => secondsOption(text)).toThrow(InvalidArgumentError);
  });

  it('takes no 0 where that makes no sense', () => {
    expect(() => spanOption('0')).toThrow(InvalidArgumentError);
    expect(() => spanOption('0m')).toThrow(InvalidArgumentError);
    expect(spanOption('1m')).toBe(60);
  });
});
