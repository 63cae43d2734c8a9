import type { Head, InboxMessage, StoredState } from '../message';
import type { Pending } from '../pending';
import type { Policy } from '../policy';
import { LONG_MS, NOW } from './outbox-side';

/** A consumer: its policy, and whether it calls the outside world before it completes an event. */
export interface ConsumerKind {
  readonly policy: Policy;
  readonly calls: boolean;
}

/** A message on the queue. */
interface Queued {
  /** SQS's own id; a redrive gives another. */
  readonly messageId: string;
  readonly event: InboxMessage;
  readonly firstReceived: 'never' | 'now' | 'long ago';
  /** Hidden until something changes or time passes. */
  readonly isParked: boolean;
}

/** An invocation that handles a message. */
export interface Worker extends Pick<Queued, 'messageId' | 'event' | 'firstReceived'> {
  readonly token: string;
  /** What it read; others may have written since. */
  readonly seen: StoredState;
  /** What the outbox told it, before it reads again. */
  readonly told?: StoredState['awaited'];
  /** What its call came to; it has made none before. */
  readonly called?: 'answered' | 'failed';
}

/** One consumer: its queue, its dead letters, its invocations and its table. */
export interface ConsumerState {
  readonly queue: readonly Queued[];
  readonly dead: readonly InboxMessage[];
  readonly workers: readonly Worker[];
  readonly head?: Head;
  /** Versions that are completed; under `latest` all of them, though the table keeps the newest only. */
  readonly completed: readonly { readonly version: number; readonly eventId: string }[];
  /** Which version it looked for in vain, and when it did so first, milliseconds since the epoch. */
  readonly missed?: { readonly version: number; readonly since: number };
  /** By what is leased: an event under `once`, else the subject. */
  readonly pending: Readonly<Record<string, Pending>>;
}

export const EMPTY_CONSUMER: ConsumerState = { queue: [], dead: [], workers: [], completed: [], pending: {} };

/** Every event of 1 to `last` is completed (under `latest`: the last one), and nothing is left to be done. */
export function isConsumerAtRest({ policy }: ConsumerKind, state: ConsumerState, last: number): boolean {
  const { queue, dead, workers, completed, pending, head } = state;
  const isDone = policy.kind === 'latest' ? (head?.lastVersion ?? 0) === last : completed.length === last;
  return isDone && queue.length + dead.length + workers.length + Object.keys(pending).length === 0;
}

/** The state with an event on its queue. */
export function receiveFromBus(state: ConsumerState, event: InboxMessage): ConsumerState {
  return { ...state, queue: [...state.queue, queued('m0', event)] };
}

/** What was set aside comes again, as other messages. */
export function redrive(state: ConsumerState): ConsumerState {
  const back = state.dead.map((event, index) => queued(`m0${index}`, event));
  return { ...state, dead: [], queue: [...state.queue, ...back] };
}

/** A long time passes: leases and budgets are over, invocations too, and what was hidden is visible. */
export function ageConsumer(state: ConsumerState): ConsumerState {
  const { queue, pending, head, missed } = state;
  return {
    ...state,
    ...(missed ? { missed: { ...missed, since: NOW - LONG_MS } } : {}),
    ...(head?.movedAt === undefined ? {} : { head: { ...head, movedAt: NOW - LONG_MS } }),
    workers: [],
    queue: queue.map(({ firstReceived, ...message }) => ({
      ...message,
      firstReceived: firstReceived === 'never' ? 'never' : 'long ago',
      isParked: false,
    })),
    pending: Object.fromEntries(
      Object.entries(pending).map(([place, { leaseUntil, ...one }]) => [
        place,
        { ...one, ...(leaseUntil === undefined ? {} : { leaseUntil: Math.min(leaseUntil, NOW - 1) }) },
      ]),
    ),
  };
}

/**
 * The state as JSON, in the form that states alike share: sorted, with messages and tokens numbered by where they stand.
 */
export function normalConsumer(state: ConsumerState): string {
  const numbers = { m: new Map<string, string>(), t: new Map<string, string>() };
  const { queue, dead, workers, head, completed, missed, pending } = state;
  const json = JSON.stringify({
    queue: by(queue, ({ event, firstReceived, isParked, messageId }) =>
      [event.version, firstReceived, isParked, workers.some((one) => one.messageId === messageId), messageId].join(),
    ),
    dead: by(dead, ({ version }) => String(version)),
    workers: by(workers, (worker) => JSON.stringify(worker)),
    head,
    completed: by(completed, ({ version }) => String(version)),
    // A note about what was completed since is never read again.
    ...(missed && missed.version > (head?.lastVersion ?? 0) ? { missed } : {}),
    pending,
  });
  return json.replaceAll(/"([mt])(\d+)"/g, (name, kind: 'm' | 't') => {
    const known = numbers[kind].get(name) ?? `"${kind}${numbers[kind].size + 1}"`;
    numbers[kind].set(name, known);
    return known;
  });
}

/** What the table says of an event. */
export function stored(
  { kind }: Policy,
  { head, completed, pending }: ConsumerState,
  event: InboxMessage,
): StoredState {
  const begun = pending[placeOf({ kind } as Policy, event)];
  const record = kind === 'latest' ? undefined : completed.find(({ version }) => version === event.version);
  return {
    ...(head && kind !== 'once' ? { head } : {}),
    ...(record ? { record } : {}),
    ...(begun ? { pending: begun } : {}),
  };
}

/** What is leased for an event. */
export function placeOf({ kind }: Policy, { version }: InboxMessage): string {
  return kind === 'once' ? String(version) : 'subject';
}

function queued(messageId: string, event: InboxMessage): Queued {
  return { messageId, event, firstReceived: 'never', isParked: false };
}

function by<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  // Most have one or none, and this is done millions of times.
  if (all.length < 2) return all;
  return [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
