import {
  type Clock,
  type Ids,
  type Logger,
  type RetryPolicy,
  type TraceContext,
  type Tracer,
} from '@outbox/function-kit';
import type { Decision, Policy, Publication } from '@outbox/inbox-rules';
import type { CommitPorts } from './commit';
import type { ConsumedEvent } from './event';
import { inOrderLayout } from './in-order-layout';
import type { Intake } from './intake';
import { latestLayout } from './latest-layout';
import type { Layout, LayoutPorts } from './layout';
import { onceLayout } from './once-layout';
import { Run } from './run';
import type { Subject } from './subject';
import type { Work } from './work';

/** What came of a message. */
export type Settled =
  | Exclude<Decision, { kind: 'unreadable' | 'ask' }>
  /** The attempt failed, and the next one is due after so many seconds. */
  | {
      readonly kind: 'retry';
      readonly visibilitySeconds: number;
      readonly attempts: number;
      readonly error: string;
      /** Where it was thrown; absent where the consumer asked for a later attempt. */
      readonly stack?: string;
    }
  /** There was no time for it, or the table was busy: no failed attempt. What was begun is taken up again. */
  | { readonly kind: 'busy'; readonly reason: string };

/** The consumer's table, as the one place where it is known what is done. */
export interface Inbox<E extends ConsumedEvent> {
  /**
   * Decides, and does what is to be done; safe under duplicates, concurrent deliveries, crashes and lost answers.
   * @param trace what spans of it are a part of; the event's own, if not given
   * @throws what DynamoDB throws besides failed conditions, conflicts, throttling and invalid items
   */
  settle(intake: Intake<E>, remainingMs: () => number, trace?: TraceContext): Promise<Settled>;
}

/** What the outbox that the events come from says of a version of a subject. */
export type PublicationOf = (subject: Subject, version: number) => Promise<Publication>;

/** What an inbox is made of. */
export interface InboxOptions<E extends ConsumedEvent> extends CommitPorts {
  readonly policy: Policy;
  readonly work: Work<E>;
  /** Names of the record's fields that an index of the table needs beside the record. */
  readonly indexed?: readonly string[];
  /** Days until a record with fields expires; for good if not given. */
  readonly keepDays?: number;
  /** Days that a record without fields is kept; longer than any archive can replay. */
  readonly retentionDays: number;
  readonly maxAttempts: number;
  /** Asks the outbox that the events come from; absent where it can't be asked. */
  readonly publicationOf?: PublicationOf;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  /** Gets spans of calls and completions; without one nothing is recorded. */
  readonly tracer?: Tracer;
}

const LAYOUTS: Readonly<Record<Policy['kind'], (ports: LayoutPorts) => Layout>> = {
  once: onceLayout,
  'in-order': inOrderLayout,
  latest: latestLayout,
};

/** An inbox over one table under one policy. */
export function createInbox<E extends ConsumedEvent>(options: InboxOptions<E>): Inbox<E> {
  const layout = LAYOUTS[options.policy.kind](options);
  return { settle: (intake, remainingMs, trace) => new Run(options, layout, intake, remainingMs, trace).settle() };
}
