import type { ChaosReport } from './chaos';
import { FINDING_KINDS, type Finding } from './finding';

const SHOWN_FINDINGS = 20;

/** The report as people read it. */
export function render({ seed, seconds, repeats, totals, faults, counts, findings }: ChaosReport): string {
  const table = (rows: Readonly<Record<string, number>>): string[] =>
    Object.entries(rows).map(([name, count]) => `  ${name.padEnd(22)}${String(count).padStart(8)}`);
  return [
    `seed ${seed}, ${seconds} s`,
    ...table({ ...totals, 'requests repeated': repeats }),
    '',
    'faults injected',
    ...table(faults),
    '',
    ...renderVerdict({ counts, findings }),
  ].join('\n');
}

/** How many findings of each kind there are, and the first of them. */
export function renderVerdict({ counts, findings }: Pick<ChaosReport, 'counts' | 'findings'>): string[] {
  const more = findings.length > SHOWN_FINDINGS ? [`  and ${findings.length - SHOWN_FINDINGS} more`] : [];
  return [
    FINDING_KINDS.map((kind) => `${counts[kind]} ${kind}`).join(', '),
    ...findings.slice(0, SHOWN_FINDINGS).map(renderFinding),
    ...more,
  ];
}

/** A finding as a line. */
export function renderFinding({ kind, subject, detail }: Finding): string {
  return `  ${kind}: ${subject}: ${detail}`;
}
