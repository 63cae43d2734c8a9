import { subscribes } from '../stack';
import type { ConsumerSubject } from '../tables';
import type { Finding, FindingKind } from './finding';

/** Findings about an event that keep an in-order consumer from the ones after it. */
const BLOCKING: ReadonlySet<FindingKind> = new Set<FindingKind>(['lost', 'queued', 'late', 'failed']);

/**
 * Tells the event that an in-order consumer misses from those that wait behind it: of one aggregate's findings, what
 * would be `lost` is `held` (or `queued`) behind the first event that the consumer hasn't got. Such an event may be lost
 * as well, which nobody can tell before the first one is done.
 */
export function tellWhatWaitsBehind(findings: readonly Finding[], consumers: readonly ConsumerSubject[]): Finding[] {
  const firsts = new Map(
    consumers
      .filter(({ output }) => output.policy === 'in-order')
      .map((consumer) => [consumer.name, firstMissing(findings, consumer)]),
  );
  return findings.map((finding) => {
    const first = finding.kind === 'lost' ? firsts.get(finding.consumer ?? '') : undefined;
    if (first?.sequence === undefined || finding.sequence === undefined || first.sequence >= finding.sequence) {
      return finding;
    }
    const kind = first.kind === 'queued' ? 'queued' : 'held';
    return { ...finding, kind, detail: `behind event ${first.sequence}, which is ${first.kind}`, mayBeLost: true };
  });
}

function firstMissing(findings: readonly Finding[], { name, output, subject }: ConsumerSubject): Finding | undefined {
  const done = subject.head?.lastVersion ?? 0;
  return findings
    .filter(({ kind, consumer }) => BLOCKING.has(kind) && (consumer === undefined || consumer === name))
    .filter(({ aggregate, type }) => subscribes(output, aggregate, type))
    .filter(({ sequence = 0 }) => sequence > done)
    .sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))[0];
}
