import { formatAggregateId } from '../aggregate-id';
import type { Finding, FindingKind } from './finding';
import type { FindingGroups } from './groups';

/** What to do about a kind, where a command does it. */
const NEXT: Partial<Readonly<Record<FindingKind, (consumer: string) => string>>> = {
  lost: () => 'outboxctl reconcile --repair publishes them again',
  queued: () => 'outboxctl lag shows whether it gets less',
  held: (consumer) => `outboxctl dlq show ${consumer}; once the reason is mended: outboxctl dlq redrive ${consumer}`,
  late: () => 'the sweeper publishes them; at once: outboxctl sweep',
  failed: () => 'outboxctl failed retry, once the reason is mended',
};

/** One finding as a line. */
export function renderFinding({ kind, sequence, consumer, detail, ...about }: Finding): string {
  const event = sequence === undefined ? '' : ` event ${sequence}`;
  return `${kind}: ${formatAggregateId(about)}${event}${consumer === undefined ? '' : ` at ${consumer}`}: ${detail}`;
}

/** Every group with its count and examples, the worst first. */
export function renderGroups(groups: FindingGroups): string[] {
  return groups.all().flatMap(({ kind, consumer, count, examples }) => {
    const next = NEXT[kind]?.(consumer ?? '');
    const heading = `${count} ${kind}${consumer === undefined ? '' : ` at ${consumer}`}${next === undefined ? '' : ` (${next})`}`;
    const others = count - examples.length;
    return [
      heading,
      ...examples.map((finding) => `  ${renderFinding(finding)}`),
      ...(others > 0 && examples.length > 0 ? [`  and ${others} more (--limit 0 lists all)`] : []),
    ];
  });
}
