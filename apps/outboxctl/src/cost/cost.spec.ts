import { monthlyCost, totalOf } from '@outbox/prices';
import { metricsOf } from '../testing/metrics';
import { runVerb } from '../testing/run-verb';
import { stackOf } from '../testing/stack';
import type { CostReport } from './cost';

describe('outboxctl cost', () => {
  it('takes the load that is asked for, without asking CloudWatch', async () => {
    const { exitCode, out } = await cost('--events-per-second', '6');
    expect(exitCode).toBe(0);
    const report = JSON.parse(out) as CostReport;
    // 730 hours of 6 events a second.
    expect(report).toMatchObject({ eventsPerMonth: 15_768_000, consumers: 2, load: { basis: 'asked' } });
    expect(report.usd).toBeCloseTo(totalOf(monthlyCost({ events: 15_768_000, consumers: 2, inOrder: 1 })));
    expect(report.idleUsd).toBeCloseTo(totalOf(monthlyCost({ events: 0, consumers: 2, inOrder: 1 })));
  });

  it('gives every part its share, and the parts add up', async () => {
    const report = JSON.parse((await cost('--events-per-second', '100')).out) as CostReport;
    expect(totalOf(report.parts)).toBeCloseTo(report.usd);
    const month = (rate: number) => monthlyCost({ events: rate * 2_628_000, consumers: 2, inOrder: 1 });
    expect(report.usdPerMillionEvents).toBeCloseTo((totalOf(month(300)) - totalOf(month(200))) / 262.8);
    const table = (await run({}, 'cost', '--events-per-second', '100')).out;
    for (const { part, usd } of report.parts) {
      expect(table).toMatch(
        new RegExp(`^${part} .* ${usd.toFixed(2)} +${Math.round((100 * usd) / report.usd)} %$`, 'm'),
      );
    }
  });

  it('tells what each guarantee adds to what a million events cost, beside a path without any', async () => {
    const report = JSON.parse((await cost('--events-per-second', '1')).out) as CostReport;
    const [single, batched] = report.perMillionEvents;
    expect([single?.batch, batched?.batch]).toEqual([1, 10]);
    expect(single?.usd).toBeCloseTo(report.usdPerMillionEvents);
    for (const { usd, plainUsd, guarantees } of report.perMillionEvents) {
      expect(guarantees.reduce((sum, each) => sum + each.usd, 0)).toBeCloseTo(usd);
      expect(guarantees.map(({ guarantee }) => guarantee)).toContain('in order');
      expect(plainUsd).toBeLessThan(usd);
    }
    expect(batched?.usd).toBeLessThan(single?.usd ?? 0);
    expect((await run({}, 'cost', '--events-per-second', '1')).out).toMatch(/^published in the end +[\d.]+ +[\d.]+$/m);
  });

  it('carries the last day on: the hours that are over and what passed of this one', async () => {
    // At midnight the running hour has just begun: 23 hours it is.
    const figures = { 'EventsRelayed Sum f-relay': [82_800, 0, 82_800] };
    const { out } = await run(figures, '--json', 'cost', '--now', '2026-01-02T00:00:00Z');
    expect(JSON.parse(out)).toMatchObject({
      load: { basis: 'measured', eventsPerSecond: 2, how: '165600 events relayed in the last 23 hours' },
      eventsPerMonth: 5_256_000,
    });
    expect(JSON.parse((await run({}, '--json', 'cost')).out)).toMatchObject({ eventsPerMonth: 0 });
  });

  it('reckons with what the stack watches and logs, and says when nobody counts its load', async () => {
    const observability = { profile: 'essential', custom_metrics: 'sweeper', log_sample_rate: 0.1 };
    const stack = () => Promise.resolve(stackOf({ observability }));
    const { out } = await runVerb({ stack }, ['--json', 'cost', '--events-per-second', '6']);
    const report = JSON.parse(out) as CostReport;
    const month = { consumers: 2, inOrder: 1, observability: 'essential', customMetrics: 'sweeper' } as const;
    expect(report.usd).toBeCloseTo(totalOf(monthlyCost({ ...month, events: 15_768_000, logSampleRate: 0.1 })));
    expect(report.perMillionEvents[0]?.usd).toBeCloseTo(report.usdPerMillionEvents);

    const { exitCode, err } = await runVerb({ stack, cloudwatch: metricsOf({}) }, ['cost']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('custom_metrics is sweeper')]);
  });

  it.each([
    [['--events-per-second', '0'], 'above 0'],
    [['--events-per-second', 'many'], 'above 0'],
  ])('refuses %j', async (argv, message) => {
    expect(await cost(...argv)).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
  });

  it('says what to do about a stack that doesn’t tell where its relay is', async () => {
    const stack = () => Promise.resolve(stackOf({ relay_function_name: undefined }));
    const { exitCode, err } = await runVerb({ stack, cloudwatch: metricsOf({}) }, ['cost']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--events-per-second')]);
  });
});

function cost(...argv: readonly string[]) {
  return runVerb({ stack: () => Promise.resolve(stackOf()) }, ['--json', 'cost', ...argv]);
}

function run(figures: Readonly<Record<string, readonly number[]>>, ...argv: readonly string[]) {
  return runVerb({ stack: () => Promise.resolve(stackOf()), cloudwatch: metricsOf(figures) }, argv);
}
