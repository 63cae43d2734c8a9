import { formatAggregateId } from '../aggregate-id';
import type { Finding } from './finding';
import type { FindingGroups } from './groups';

/** One finding as a line. */
export function renderFinding({ kind, sequence, consumer, detail, notBefore, ...about }: Finding): string {
  const event = sequence === undefined ? '' : ` event ${sequence}`;
  const at = consumer === undefined ? '' : ` at ${consumer}`;
  const time = notBefore === undefined ? '' : ` (committed at ${notBefore} or later)`;
  return `${kind}: ${formatAggregateId(about)}${event}${at}: ${detail}${time}`;
}

/** Every group with its count and examples, the worst first. */
export function renderGroups(groups: FindingGroups): string[] {
  return groups.all().flatMap(({ kind, consumer, count, examples, remedies }) => {
    const next = [...remedies].join('; ');
    const heading = `${count} ${kind}${consumer === undefined ? '' : ` at ${consumer}`}${next === '' ? '' : ` (${next})`}`;
    const others = count - examples.length;
    return [
      heading,
      ...examples.map((finding) => `  ${renderFinding(finding)}`),
      ...(others > 0 && examples.length > 0 ? [`  and ${others} more (--limit 0 lists all)`] : []),
    ];
  });
}
