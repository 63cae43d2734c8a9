import {
  dynamoFailure,
  isoTime,
  RESERVE_MS,
  retryWithin,
  type Attempt,
  type Clock,
  type Item,
  type RetryPolicy,
} from '@outbox/function-kit';
import {
  decide,
  NOTHING_STORED,
  retrySeconds,
  type Decision,
  type Policy,
  type StoredState,
} from '@outbox/inbox-rules';
import type { ConsumedEvent } from './event';
import { inOrderLayout } from './in-order-layout';
import type { Intake } from './intake';
import { latestLayout } from './latest-layout';
import type { Entry, Layout, LayoutPorts } from './layout';
import { onceLayout } from './once-layout';
import { appliedRecord, recordItem, type EffectFields } from './inbox-item';

/** Builds the fields of an effect from an event; pure, so that a retry builds the same. */
export type BuildEffect<E extends ConsumedEvent> = (event: E) => EffectFields;

/** What came of a message. `busy`: the table would not take the write within the time left; nothing was changed. */
export type Settled =
  | Exclude<Decision, { kind: 'unreadable' }>
  /** It failed this time: try again after so many seconds. */
  | { readonly kind: 'retry'; readonly visibilitySeconds: number; readonly error: string }
  | { readonly kind: 'busy'; readonly reason: string };

/** The consumer's table, as the one place where effects happen. */
export interface Inbox<E extends ConsumedEvent> {
  /**
   * Decides and, for `apply` and `advance`, writes; safe under duplicates, concurrent deliveries and lost answers.
   * @throws what DynamoDB throws besides failed conditions, conflicts, throttling and invalid items
   */
  settle(intake: Intake<E>, remainingMs: () => number): Promise<Settled>;
}

/** What an inbox is made of. */
export interface InboxOptions<E extends ConsumedEvent> extends LayoutPorts {
  readonly policy: Policy;
  readonly effect: BuildEffect<E>;
  /** Names of the effect's fields that an index of the table needs beside the record. */
  readonly indexed?: readonly string[];
  /** Days until an effect expires; for good if not given. */
  readonly keepDays?: number;
  /** Days that the record of an event without an effect is kept; longer than any archive can replay. */
  readonly retentionDays: number;
  readonly maxAttempts: number;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
}

const LAYOUTS: Readonly<Record<Policy['kind'], (ports: LayoutPorts) => Layout>> = {
  once: onceLayout,
  'in-order': inOrderLayout,
  latest: latestLayout,
};

/** An inbox over one table under one policy. */
export function createInbox<E extends ConsumedEvent>(options: InboxOptions<E>): Inbox<E> {
  const { policy, clock } = options;
  const layout = LAYOUTS[policy.kind](options);
  return {
    settle: async (intake, remainingMs) => {
      const { message, receipt } = intake;
      const verdict = (stored: StoredState) => decide(policy, message, stored, { now: clock.now(), ...receipt });
      const readsFirst = layout.readsFirst || message.recognition === 'unknown-version';
      let seen: StoredState | undefined = readsFirst ? undefined : NOTHING_STORED;
      const attempt = async (): Promise<Attempt<Settled, string>> => {
        try {
          seen ??= await layout.recall(message);
          const decision = verdict(seen);
          if (!needsWrite(decision)) return { kind: 'answer', value: settled(options, intake, decision) };
          const outcome = await layout.write(entryOf(options, intake, decision.kind), seen);
          if (outcome.kind === 'written') return { kind: 'answer', value: decision };
          seen = outcome.stored;
          const revised = verdict(seen);
          return needsWrite(revised)
            ? { kind: 'again', reason: 'another delivery wrote meanwhile' }
            : { kind: 'answer', value: settled(options, intake, revised) };
        } catch (error) {
          const failure = dynamoFailure(error);
          if (failure.kind === 'invalid') {
            return { kind: 'answer', value: { kind: 'dead-letter', reason: 'rejected', detail: failure.detail } };
          }
          if (failure.kind !== 'busy') throw error;
          seen = undefined;
          return { kind: 'again', reason: failure.reason };
        }
      };
      const retried = await retryWithin(
        { ...options.retry, remainingMs, reserveMs: RESERVE_MS, baseMs: 25, capMs: 1_000 },
        attempt,
      );
      return retried.kind === 'answer' ? retried.value : { kind: 'busy', reason: retried.reason };
    },
  };
}

type Write = Extract<Decision, { kind: 'apply' | 'advance' }>;

function needsWrite(decision: Decision): decision is Write {
  return decision.kind === 'apply' || decision.kind === 'advance';
}

/** An event that can't be read yet is tried again until its attempts are used up. */
function settled<E extends ConsumedEvent>(
  { maxAttempts, retry }: InboxOptions<E>,
  { receipt: { receives } }: Intake<E>,
  decision: Decision,
): Settled {
  if (decision.kind !== 'unreadable') return decision;
  const { reason, detail } = decision;
  if (receives >= maxAttempts) return { kind: 'dead-letter', reason, detail };
  return { kind: 'retry', visibilitySeconds: retrySeconds(receives, retry.random()), error: detail };
}

function entryOf<E extends ConsumedEvent>(options: InboxOptions<E>, intake: Intake<E>, kind: Write['kind']): Entry {
  const now = options.clock.now();
  const { message, event } = intake;
  return {
    message,
    writtenAt: isoTime(now),
    ...(kind === 'apply' && event ? { record: recordOf(options, intake, event, now) } : {}),
  };
}

function recordOf<E extends ConsumedEvent>(
  { effect, indexed, keepDays, retentionDays }: InboxOptions<E>,
  intake: Intake<E>,
  event: E,
  now: number,
): Item {
  const fields = effect(event);
  const days = Object.keys(fields).length === 0 ? retentionDays : keepDays;
  return {
    ...recordItem(appliedRecord(intake, now), fields, indexed),
    ...(days === undefined ? {} : { expiresAt: { N: String(Math.floor(now / 1_000) + days * 86_400) } }),
  };
}
