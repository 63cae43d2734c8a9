import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityReport } from './report';
import { limitsOf } from './limits';
import { DEPLOYED, reachedLimits, scalingTable } from './scaling-table';

const DOCUMENT = join(__dirname, '..', '..', '..', '..', 'docs', 'scaling.md');

describe('the limits of a growing load', () => {
  it('begin where the capacity of the same stack ends', () => {
    const [first] = reachedLimits();
    const rate = first?.eventsPerSecond ?? 0;
    const report = (eventsPerSecond: number) =>
      capacityReport({ eventsPerSecond, basis: 'asked', how: 'asked' }, limitsOf({ ...DEPLOYED, eventsPerSecond }));
    expect([report(rate - 1).fits, report(rate).fits]).toEqual([true, false]);
    expect(report(rate).binding.part).toBe(first?.limit.part);
  });

  it('end where settings and quotas allow more', () => {
    const settings = { ...DEPLOYED.settings, apiRequests: 10_000 };
    const parts = reachedLimits({ ...DEPLOYED, settings }).map(({ limit }) => limit.part);
    expect(parts).not.toContain('API');
  });
});

describe('docs/scaling.md', () => {
  it('shows the table as it is computed', () => {
    const marks = /(<!-- limits: begin[^\n]*-->\n\n)[^]*?(\n\n<!-- limits: end -->)/;
    const document = readFileSync(DOCUMENT, 'utf8');
    const wanted = document.replace(marks, (_, begin: string, end: string) => begin + scalingTable() + end);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, wanted);
    expect(wanted).toMatch(marks);
    // Out of date? UPDATE_DOCS=1 npx nx test outboxctl
    expect(compact(readFileSync(DOCUMENT, 'utf8'))).toBe(compact(wanted));
  });
});

/** Prettier pads the cells of a table. */
function compact(text: string): string {
  return text.replaceAll(/ *\| */g, '|').replaceAll(/-+(:?)\|/g, '-$1|');
}
