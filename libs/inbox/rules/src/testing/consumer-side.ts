import { decide } from '../decide';
import type { Decision } from '../decision';
import type { Head, InboxMessage, StoredState } from '../message';
import { attemptsSoFar, type Pending } from '../pending';
import type { Policy } from '../policy';
import type { Move } from './explore';
import { LONG_MS, NOW } from './outbox-side';

/** Attempts at a call before it is a dead letter. */
const MAX_ATTEMPTS = 2;
/** Invocations at the same time. */
const MAX_WORKERS = 2;
const LEASE_MS = 35_000;

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
interface Worker {
  readonly messageId: string;
  readonly token: string;
  /** What it read; others may have written since. */
  readonly seen: StoredState;
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
  const { queue, pending } = state;
  return {
    ...state,
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

/** The state in the form that states alike share: sorted, with messages and tokens numbered by where they stand. */
export function normalConsumer(state: ConsumerState): ConsumerState {
  const numbers = { m: new Map<string, string>(), t: new Map<string, string>() };
  const { queue, dead, workers, head, completed, pending } = state;
  const json = JSON.stringify({
    queue: by(queue, ({ event, firstReceived, isParked, messageId }) =>
      [event.version, firstReceived, isParked, workers.some((one) => one.messageId === messageId), messageId].join(),
    ),
    dead: by(dead, ({ version }) => String(version)),
    workers: by(workers, (worker) => JSON.stringify(worker)),
    head,
    completed: by(completed, ({ version }) => String(version)),
    pending,
  });
  const renamed = json.replaceAll(/"([mt])(\d+)"/g, (name, kind: 'm' | 't') => {
    const known = numbers[kind].get(name) ?? `"${kind}${numbers[kind].size + 1}"`;
    numbers[kind].set(name, known);
    return known;
  });
  return JSON.parse(renamed) as ConsumerState;
}

/** Every step of a consumer's invocations, and what may go wrong with each. */
export function consumerMoves(kind: ConsumerKind, state: ConsumerState): readonly Move<ConsumerState>[] {
  const moves = [...deliveries(kind, state)];
  moves.push({ label: 'hours pass while it has work', next: ageConsumer(state), isFault: true });
  for (const worker of state.workers) {
    const without = { ...state, workers: state.workers.filter((one) => one !== worker) };
    const message = state.queue.find(({ messageId }) => messageId === worker.messageId);
    // Another invocation was done with it first: this one finds out, or ends; it makes no difference which.
    const event = message?.event ?? { version: 0 };
    moves.push({ label: `the consumer dies with event ${event.version}`, next: without, isFault: true });
    if (message) moves.push(...new Step(kind, state, worker, message).moves());
    else moves.push({ label: 'an invocation without a message ends', next: without, isFault: false });
  }
  return moves;
}

function* deliveries({ policy }: ConsumerKind, state: ConsumerState): Generator<Move<ConsumerState>> {
  if (state.workers.length === MAX_WORKERS) return;
  for (const [index, message] of state.queue.entries()) {
    if (message.isParked) continue;
    const { messageId, event, firstReceived } = message;
    const isTaken = state.workers.some((one) => one.messageId === messageId);
    const received = { ...message, firstReceived: firstReceived === 'never' ? ('now' as const) : firstReceived };
    yield {
      label: `event ${event.version} is delivered${isTaken ? ' again, while it is handled' : ''}`,
      next: {
        ...state,
        queue: state.queue.with(index, received),
        workers: [...state.workers, { messageId, token: 't0', seen: stored(policy, state, event) }],
      },
      isFault: isTaken,
    };
  }
}

/** The next step of one invocation: it decides by what it read, and writes once or reports. */
class Step {
  readonly #event: InboxMessage;

  constructor(
    private readonly kind: ConsumerKind,
    private readonly state: ConsumerState,
    private readonly worker: Worker,
    private readonly message: Queued,
  ) {
    this.#event = message.event;
  }

  moves(): readonly Move<ConsumerState>[] {
    const { policy, calls } = this.kind;
    const { seen, token, messageId, called } = this.worker;
    const firstReceivedAt = this.message.firstReceived === 'long ago' ? NOW - LONG_MS : NOW;
    const delivery = { now: NOW, firstReceivedAt, receives: 2, messageId, token };
    const decision = decide(policy, this.#event, seen, delivery);
    if (decision.kind !== 'apply') return this.#report(decision);
    if (!calls) return this.#complete();
    if (called === 'failed') return this.#fail(attemptsOf(this.#event, seen, token));
    if (called === undefined) return seen.pending?.token === token ? this.#call() : this.#claim();
    return this.#complete();
  }

  #claim(): readonly Move<ConsumerState>[] {
    const { token, seen } = this.worker;
    const attempts = attemptsSoFar(this.#event, seen) + 1;
    if (attempts > MAX_ATTEMPTS) return this.#fail(MAX_ATTEMPTS);
    const claim = this.#pending({ status: 'claimed', attempts, token, leaseUntil: NOW + LEASE_MS });
    return this.#write(this.#says('claims'), {
      written: { ...this.state, pending: { ...this.state.pending, [this.#place]: claim } },
      then: (state) => this.#with(state, { ...this.worker, seen: { ...seen, pending: claim } }),
    });
  }

  #call(): readonly Move<ConsumerState>[] {
    const { version } = this.#event;
    const rivals = this.state.workers.filter(
      (one) => one !== this.worker && one.called && one.seen.pending?.token === one.token && this.#sharesPlace(one),
    );
    const isEarly = this.kind.policy.kind === 'in-order' && this.state.completed.length !== version - 1;
    const violation = rivals[0]
      ? `two deliveries call outside for event ${version} at the same time`
      : isEarly
        ? `event ${version} is called for out of order`
        : this.#isCompleted
          ? `event ${version} is called for after it was completed`
          : undefined;
    const become = (called: Worker['called']) => this.#with(this.state, { ...this.worker, called });
    const broken = violation === undefined ? {} : { violation };
    return [
      { label: this.#says('calls outside for'), next: become('answered'), isFault: false, ...broken },
      { label: this.#says('calls outside in vain for'), next: become('failed'), isFault: true, ...broken },
    ];
  }

  #complete(): readonly Move<ConsumerState>[] {
    const { policy } = this.kind;
    const { version, id } = this.#event;
    const last = Math.max(0, ...this.state.completed.map((one) => one.version));
    const violation = this.#isCompleted
      ? `event ${version} is completed twice`
      : policy.kind === 'in-order' && version !== last + 1
        ? `event ${version} is completed after event ${last}`
        : policy.kind === 'latest' && version < last
          ? `event ${version} is completed though event ${last} was`
          : undefined;
    const { [this.#place]: _, ...pending } = this.state.pending;
    const firstVersion = this.worker.seen.head?.firstVersion ?? version;
    return this.#write(this.#says('completes'), {
      written: {
        ...this.state,
        pending,
        completed: [...this.state.completed, { version, eventId: id }],
        ...(policy.kind === 'once' ? {} : { head: { firstVersion, lastVersion: version, lastEventId: id } }),
      },
      then: (state) => this.#ended(state, 'deleted'),
      ...(violation === undefined ? {} : { violation }),
    });
  }

  #fail(attempts: number): readonly Move<ConsumerState>[] {
    const { messageId } = this.worker;
    const isDead = attempts >= MAX_ATTEMPTS;
    const failed = this.#pending({
      attempts,
      token: 't00',
      ...(isDead ? { status: 'dead-lettered', reason: 'attempts', messageId } : { status: 'retrying' }),
    });
    return this.#write(this.#says(isDead ? 'gives up' : 'puts off'), {
      written: { ...this.state, pending: { ...this.state.pending, [this.#place]: failed } },
      then: (state) =>
        isDead ? this.#ended({ ...state, dead: [...state.dead, this.#event] }, 'deleted') : this.#ended(state, 'kept'),
    });
  }

  /** A write on condition that the leased item is as it was read. */
  #write(
    label: string,
    {
      written,
      then,
      violation,
    }: { written: ConsumerState; then: (state: ConsumerState) => ConsumerState; violation?: string },
  ): readonly Move<ConsumerState>[] {
    const { policy } = this.kind;
    const reread = (state: ConsumerState) =>
      this.#with(state, { ...this.worker, seen: stored(policy, state, this.#event) });
    if (!this.#isAsSeen()) return [{ label: `${label}: not as it was read`, next: reread(this.state), isFault: false }];
    // What waited for others may go on now.
    const changed = { ...written, queue: written.queue.map((one) => ({ ...one, isParked: false })) };
    const broken = violation === undefined ? {} : { violation };
    return [
      { label, next: then(changed), isFault: false, ...broken },
      { label: `${label} and gets no answer`, next: reread(changed), isFault: true, ...broken },
      { label: `${label} and dies`, next: this.#ended(changed, 'kept'), isFault: true, ...broken },
    ];
  }

  #report(decision: Exclude<Decision, { kind: 'apply' }>): readonly Move<ConsumerState>[] {
    switch (decision.kind) {
      case 'park':
      case 'wait':
        return [
          { label: this.#says('puts off'), next: this.#ended(this.state, 'parked'), isFault: false },
        ];
      case 'dead-letter': {
        const { version } = this.#event;
        const dead = { ...this.state, dead: [...this.state.dead, this.#event] };
        const isExpected = decision.reason === 'gap' || (this.kind.calls && decision.reason === 'attempts');
        // Another copy may have been completed since this one was read: its redrive finds that.
        const violation = isDone(this.worker.seen, version)
          ? `event ${version} is set aside though it was completed`
          : isExpected
            ? undefined
            : `event ${version} is set aside: ${decision.reason}`;
        const label = this.#says(`sets aside (${decision.reason})`);
        const broken = violation === undefined ? {} : { violation };
        return [
          { label, next: this.#ended(dead, 'deleted'), isFault: false, ...broken },
          { label: `${label} and dies`, next: this.#ended(dead, 'kept'), isFault: true, ...broken },
        ];
      }
      default: {
        const last = this.state.head?.lastVersion ?? 0;
        const isSuperseded = this.kind.policy.kind === 'latest' && this.#event.version < this.#newest(last);
        const isLost = !this.#isCompleted && !isSuperseded;
        return [
          {
            label: this.#says('drops'),
            next: this.#ended(this.state, 'deleted'),
            isFault: false,
            ...(isLost ? { violation: `event ${this.#event.version} is dropped and was never completed` } : {}),
          },
        ];
      }
    }
  }

  /** Under `latest`: the newest version that was completed or begun. */
  #newest(last: number): number {
    return Math.max(last, ...Object.values(this.state.pending).map(({ version }) => version));
  }

  #isAsSeen(): boolean {
    const { seen } = this.worker;
    const now = stored(this.kind.policy, this.state, this.#event);
    if (seen.pending) return now.pending?.token === seen.pending.token;
    return (
      !now.pending && now.head?.lastVersion === seen.head?.lastVersion && now.record?.eventId === seen.record?.eventId
    );
  }

  #pending(of: Pick<Pending, 'status' | 'attempts' | 'token'> & Partial<Pending>): Pending {
    const { id: eventId, type, version } = this.#event;
    return { eventId, type, version, firstAttemptAt: NOW, ...of };
  }

  #ended(state: ConsumerState, message: 'deleted' | 'parked' | 'kept'): ConsumerState {
    const { messageId } = this.worker;
    const queue =
      message === 'deleted'
        ? state.queue.filter((one) => one.messageId !== messageId)
        : state.queue.map((one) => (message === 'parked' && one.messageId === messageId ? { ...one, isParked: true } : one));
    return { ...state, queue, workers: state.workers.filter((one) => one !== this.worker) };
  }

  #with(state: ConsumerState, worker: Worker): ConsumerState {
    return { ...state, workers: state.workers.map((one) => (one === this.worker ? worker : one)) };
  }

  #sharesPlace({ messageId }: Worker): boolean {
    const other = this.state.queue.find((one) => one.messageId === messageId);
    return other !== undefined && placeOf(this.kind.policy, other.event) === this.#place;
  }

  #says(does: string): string {
    return `the consumer ${does} event ${this.#event.version}`;
  }

  get #place(): string {
    return placeOf(this.kind.policy, this.#event);
  }

  get #isCompleted(): boolean {
    return this.state.completed.some(({ version }) => version === this.#event.version);
  }
}

/** What the table says of an event. */
function stored({ kind }: Policy, { head, completed, pending }: ConsumerState, event: InboxMessage): StoredState {
  const begun = pending[placeOf({ kind } as Policy, event)];
  const record = kind === 'latest' ? undefined : completed.find(({ version }) => version === event.version);
  return {
    ...(head && kind !== 'once' ? { head } : {}),
    ...(record ? { record } : {}),
    ...(begun ? { pending: begun } : {}),
  };
}

function isDone({ head, record }: StoredState, version: number): boolean {
  return record !== undefined || version <= (head?.lastVersion ?? 0);
}

function attemptsOf(event: InboxMessage, { pending }: StoredState, token: string): number {
  return pending?.token === token ? pending.attempts : attemptsSoFar(event, { pending }) + 1;
}

function placeOf({ kind }: Policy, { version }: InboxMessage): string {
  return kind === 'once' ? String(version) : 'subject';
}

function queued(messageId: string, event: InboxMessage): Queued {
  return { messageId, event, firstReceived: 'never', isParked: false };
}

function by<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  return [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
