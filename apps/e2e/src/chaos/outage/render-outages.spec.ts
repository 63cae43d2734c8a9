import { countByKind, type Finding } from '../finding';
import { renderOutages } from './render-outages';
import type { OutageResult } from './run-outage';

const lost: Finding = { kind: 'lost', subject: 'o-1', detail: 'no effect of version 2' };
const outage = (findings: readonly Finding[], isDrained: boolean): OutageResult => ({
  kind: 'pipe-stopped',
  hours: 2,
  orders: 41,
  events: 170,
  backlog: { ready: 1, underWay: 2, setAside: 3, unpublished: 4, running: 0 },
  drain: {
    isDrained,
    engineMs: 90_000,
    wallMs: 5_400,
    deadLetters: [{ consumer: 'notifications', reason: 'gap', count: 7 }],
  },
  api: { requests: 300, failed: 3, slow: 0, p50Ms: 20, p99Ms: 90 },
  findings,
});
const report = (findings: readonly Finding[], isDrained = true): string =>
  renderOutages({
    seed: 7,
    seconds: 60,
    outages: [outage(findings, isDrained)],
    counts: countByKind(findings),
    findings,
  });

describe('renderOutages', () => {
  it('has a row per outage, in columns under their names', () => {
    const [first, header = '', row = ''] = report([]).split('\n');
    expect(first).toBe('seed 7, 60 s');
    expect(row.trim().split(/ {2,}/)).toEqual([
      'pipe-stopped',
      ...['2', '20.5', '85', '4', '3', '3', '2 min', '5 s', '7 notifications gap'],
      ...['1 % of 300', '0 % of 300', '20 / 90 ms', '0'],
    ]);
    expect(row.length).toBe(header.length);
  });

  it('says what was found, and that a backlog never drained', () => {
    expect(report([lost], false)).toContain('never');
    expect(report([lost])).toContain('1 lost, 0 duplicated');
    expect(report([lost])).toContain('lost: o-1: no effect of version 2');
    expect(report(Array.from({ length: 25 }, () => lost))).toMatch(/and 5 more$/);
  });
});
