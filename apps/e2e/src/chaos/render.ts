import type { ChaosReport } from './chaos';
import { FINDING_KINDS } from './finding';

const SHOWN_FINDINGS = 20;

/** The report as people read it. */
export function render({ seed, seconds, repeats, totals, faults, counts, findings }: ChaosReport): string {
  const table = (rows: Readonly<Record<string, number>>): string[] =>
    Object.entries(rows).map(([name, count]) => `  ${name.padEnd(22)}${String(count).padStart(8)}`);
  const shown = findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ kind, subject, detail }) => `  ${kind}: ${subject}: ${detail}`);
  const more = findings.length > SHOWN_FINDINGS ? [`  and ${findings.length - SHOWN_FINDINGS} more`] : [];
  return [
    `seed ${seed}, ${seconds} s`,
    ...table({ ...totals, 'requests repeated': repeats }),
    '',
    'faults injected',
    ...table(faults),
    '',
    FINDING_KINDS.map((kind) => `${counts[kind]} ${kind}`).join(', '),
    ...shown,
    ...more,
  ].join('\n');
}
