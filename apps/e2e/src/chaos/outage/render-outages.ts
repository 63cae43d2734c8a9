import type { Finding, FindingKind } from '../finding';
import { renderVerdict } from '../render';
import type { OutageResult } from './run-outage';

/** What `report.json` of `make chaos SCENARIO=outage` holds. */
export interface OutageReport {
  readonly seed: number;
  readonly seconds: number;
  readonly outages: readonly OutageResult[];
  readonly counts: Readonly<Record<FindingKind, number>>;
  /** Of all outages. */
  readonly findings: readonly Finding[];
}

const MINUTE = 60_000;

/** The report as people read it: a row per outage, and what was found. */
export function renderOutages({ seed, seconds, outages, counts, findings }: OutageReport): string {
  const rows = [HEADER, ...outages.map(rowOf)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return [`seed ${seed}, ${seconds} s`, ...lines, '', ...renderVerdict({ counts, findings })].join('\n');
}

const HEADER = [
  'outage',
  'hours',
  'orders/h',
  'events/h',
  'unpublished',
  'queued',
  'set aside',
  'drained after',
  'really',
  'dead letters',
  'API failed',
  'API slow',
  'API p50 / p99',
  'findings',
];

function rowOf({ kind, hours, orders, events, backlog, drain, api, findings }: OutageResult): string[] {
  const share = (count: number): string =>
    api.requests === 0 ? '-' : `${percent(count / api.requests)} of ${api.requests}`;
  return [
    kind,
    String(hours),
    decimal(orders / hours),
    decimal(events / hours),
    String(backlog.unpublished),
    String(backlog.ready + backlog.underWay),
    String(backlog.setAside),
    drain.isDrained ? `${Math.round(drain.engineMs / MINUTE)} min` : 'never',
    `${Math.round(drain.wallMs / 1_000)} s`,
    drain.deadLetters.map(({ consumer, reason, count }) => `${count} ${consumer} ${reason}`).join(', ') || '0',
    share(api.failed),
    share(api.slow),
    `${api.p50Ms} / ${api.p99Ms} ms`,
    String(findings.length),
  ];
}

function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
