import type { Finding } from './finding';
import { isRepairable } from './repair';

/** What to do about a finding, where a command does it and the finding doesn't say so itself. */
export function remedyOf(finding: Finding): string | undefined {
  const { kind, consumer = '' } = finding;
  const archive = `outboxctl replay --from TIME --to TIME --consumer ${consumer}`;
  // Of an event that the outbox still has it is known when it was committed.
  const isPastRetention = finding.committedAt === undefined;
  switch (kind) {
    case 'lost':
      if (finding.notBegun) return `it has not begun: outboxctl join ${consumer}`;
      if (isRepairable(finding)) return 'outboxctl reconcile --repair publishes them again';
      return consumer === '' ? 'nothing is left to publish: docs/runbooks/restore.md' : `from the archive: ${archive}`;
    case 'queued':
      return `outboxctl lag shows whether it gets less${isPastRetention ? `; if nothing waits there: ${archive}` : ''}`;
    case 'held':
      if (finding.mayBeLost) return 'they follow once what they wait for is mended';
      return finding.setAside
        ? `outboxctl dlq show ${consumer}; once the reason is mended: outboxctl dlq redrive ${consumer}${isPastRetention ? `, and for what that no longer has: ${archive}` : ''}`
        : undefined;
    case 'late':
      return finding.refused
        ? 'the bus did not take them: once the reason is mended the sweeper publishes them; at once: outboxctl reconcile --repair'
        : 'the sweeper publishes them; at once: outboxctl sweep';
    case 'failed':
      return 'once the reason is mended: outboxctl failed retry --all';
    default:
      return undefined;
  }
}
