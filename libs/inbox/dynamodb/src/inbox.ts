import {
  dynamoFailure,
  isoTime,
  RESERVE_MS,
  retryWithin,
  type Attempt,
  type Clock,
  type RetryPolicy,
} from '@outbox/function-kit';
import { decide, decideUnseen, type Decision, type Policy, type StoredState } from '@outbox/inbox-rules';
import type { ConsumedEvent } from './event';
import { inOrderLayout } from './in-order-layout';
import type { Intake } from './intake';
import { latestLayout } from './latest-layout';
import type { Entry, Layout, LayoutPorts } from './layout';
import { onceLayout } from './once-layout';
import { appliedRecord, toItem, type EffectFields } from './inbox-item';

/** Builds the fields of an effect from an event; pure, so that a retry builds the same. */
export type BuildEffect<E extends ConsumedEvent> = (event: E) => EffectFields;

/** What came of a message. `busy`: the table would not take the write within the time left; nothing was changed. */
export type Settled = Decision | { readonly kind: 'busy'; readonly reason: string };

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
  /** Days an effect stays known; longer than any archive can replay. */
  readonly retentionDays: number;
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
      const unseen = decideUnseen(policy, intake.message);
      if (unseen) return unseen;
      const verdict = (stored: StoredState) =>
        decide(policy, intake.message, stored, { now: clock.now(), ...intake.receipt });
      let seen: StoredState | undefined;
      const attempt = async (): Promise<Attempt<Settled, string>> => {
        try {
          seen ??= await layout.recall(intake.message);
          const decision = verdict(seen);
          if (!needsWrite(decision)) return { kind: 'answer', value: decision };
          const outcome = await layout.write(entryOf(options, intake, decision.kind), seen);
          if (outcome.kind === 'written') return { kind: 'answer', value: decision };
          seen = outcome.stored;
          const revised = verdict(seen);
          return needsWrite(revised)
            ? { kind: 'again', reason: 'another delivery wrote meanwhile' }
            : { kind: 'answer', value: revised };
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

function entryOf<E extends ConsumedEvent>(
  { effect, clock, retentionDays }: InboxOptions<E>,
  intake: Intake<E>,
  kind: Write['kind'],
): Entry {
  const now = clock.now();
  const { message, event } = intake;
  return {
    message,
    writtenAt: isoTime(now),
    expiresAt: Math.floor(now / 1_000) + retentionDays * 86_400,
    ...(kind === 'apply' && event
      ? { effect: { ...toItem(effect(event)), ...toItem(appliedRecord(intake, now)) } }
      : {}),
  };
}
