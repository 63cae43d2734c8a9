import { decide } from '../decide';
import type { Decision } from '../decision';
import type { InboxMessage, Publication, StoredState } from '../message';
import { attemptsSoFar, type Pending } from '../pending';
import { placeOf, stored, type ConsumerKind, type ConsumerState, type Worker } from './consumer-side';
import type { Move } from './explore';
import { LONG_MS, NOW } from './outbox-side';

/** Attempts at a call before it is a dead letter. */
const MAX_ATTEMPTS = 2;
/** Invocations at the same time. */
const MAX_WORKERS = 2;
const LEASE_MS = 35_000;

/**
 * Every step of a consumer's invocations, and what may go wrong with each.
 * @param publicationOf what the outbox says of the event of a version
 */
export function consumerMoves(
  kind: ConsumerKind,
  state: ConsumerState,
  publicationOf: (version: number) => Publication,
): readonly Move<ConsumerState>[] {
  const moves = [...deliveries(kind, state)];
  for (const worker of state.workers) {
    const without = { ...state, workers: state.workers.filter((one) => one !== worker) };
    const label = `the consumer dies with event ${worker.event.version}`;
    moves.push({ label, next: without, isFault: true }, ...new Step(kind, state, worker, publicationOf).moves());
  }
  return moves;
}

function* deliveries({ policy }: ConsumerKind, state: ConsumerState): Generator<Move<ConsumerState>> {
  if (state.workers.length === MAX_WORKERS) return;
  for (const [index, message] of state.queue.entries()) {
    if (message.isParked) continue;
    const { messageId, event, firstReceived } = message;
    const isTaken = state.workers.some((one) => one.messageId === messageId);
    const handled = { messageId, event, firstReceived: firstReceived === 'never' ? ('now' as const) : firstReceived };
    yield {
      label: `event ${event.version} is delivered${isTaken ? ' again, while it is handled' : ''}`,
      next: {
        ...state,
        queue: state.queue.with(index, { ...message, ...handled }),
        workers: [...state.workers, { ...handled, token: 't0', seen: stored(policy, state, event) }],
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
    private readonly publicationOf: (version: number) => Publication,
  ) {
    this.#event = worker.event;
  }

  moves(): readonly Move<ConsumerState>[] {
    const { policy, calls } = this.kind;
    const { seen, token, messageId, called, told } = this.worker;
    if (told) return this.#readAgain(told);
    const firstReceivedAt = this.worker.firstReceived === 'long ago' ? NOW - LONG_MS : NOW;
    const delivery = { now: NOW, firstReceivedAt, receives: 2, messageId, token };
    const decision = decide(policy, this.#event, seen, delivery);
    if (decision.kind === 'ask') return this.#ask(decision.version);
    if (decision.kind !== 'apply') return this.#report(decision);
    if (!calls) return this.#complete();
    if (called === 'failed') return this.#fail(attemptsOf(this.#event, seen, token));
    if (called === undefined) return seen.pending?.token === token ? this.#call() : this.#claim();
    return this.#complete();
  }

  /** The outbox is asked before the head is read again: what was published meanwhile may have been completed, too. */
  #ask(version: number): readonly Move<ConsumerState>[] {
    const publication = this.publicationOf(version);
    const noted = this.state.missed?.version === version ? this.state.missed : { version, since: NOW };
    const told = { version, publication, missedSince: noted.since };
    const written = publication.kind === 'waiting' ? this.state : { ...this.state, missed: noted };
    const next = this.#with(written, { ...this.worker, seen: {}, told });
    return [{ label: this.#says(`is told that event ${version} is ${publication.kind}, for`), next, isFault: false }];
  }

  #readAgain(awaited: StoredState['awaited']): readonly Move<ConsumerState>[] {
    const { told: _, ...worker } = this.worker;
    const seen = { ...stored(this.kind.policy, this.state, this.#event), awaited };
    return [
      { label: this.#says('reads again for'), next: this.#with(this.state, { ...worker, seen }), isFault: false },
    ];
  }

  #claim(): readonly Move<ConsumerState>[] {
    const { token, seen } = this.worker;
    const attempts = attemptsSoFar(this.#event, seen) + 1;
    if (attempts > MAX_ATTEMPTS) return this.#fail(MAX_ATTEMPTS);
    const claim = this.#pending({ status: 'claimed', attempts, token, leaseUntil: NOW + LEASE_MS });
    // What a newer one did outside must not be followed by what is older.
    const begun = this.kind.policy.kind === 'latest' ? (seen.pending?.version ?? 0) : 0;
    const { version } = this.#event;
    return this.#write(this.#says('claims'), {
      ...(begun > version ? { violation: `event ${version} is taken up though event ${begun} was begun` } : {}),
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
    // No other policy looks at it.
    const moved = policy.kind === 'in-order' ? { movedAt: NOW } : {};
    return this.#write(this.#says('completes'), {
      written: {
        ...this.state,
        pending,
        completed: [...this.state.completed, { version, eventId: id }],
        ...(policy.kind === 'once' ? {} : { head: { firstVersion, lastVersion: version, lastEventId: id, ...moved } }),
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

  #report(decision: Exclude<Decision, { kind: 'apply' | 'ask' }>): readonly Move<ConsumerState>[] {
    switch (decision.kind) {
      case 'park':
      case 'wait':
        return [{ label: this.#says('puts off'), next: this.#ended(this.state, 'parked'), isFault: false }];
      case 'dead-letter': {
        const { version } = this.#event;
        const dead = { ...this.state, dead: [...this.state.dead, this.#event] };
        const isExpected = this.kind.calls && decision.reason === 'attempts';
        // Another copy may have been completed since this one was read: its redrive finds that.
        const violation = isDone(this.worker.seen, version)
          ? `event ${version} is set aside though it was completed`
          : decision.reason === 'gap'
            ? this.#notAGap()
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

  /** Why what has to come before the event may come yet, if so. */
  #notAGap(): string | undefined {
    const { head, awaited } = this.worker.seen;
    const { version } = this.#event;
    const missing = (head?.lastVersion ?? 0) + 1;
    const publication = this.publicationOf(missing);
    if (publication.kind === 'waiting') return `event ${version} is set aside though event ${missing} is not published`;
    if (publication.kind === 'published' && publication.at === NOW) {
      return `event ${version} is set aside though event ${missing} was published just now`;
    }
    if (awaited?.missedSince === NOW) return `event ${version} is set aside though event ${missing} is missed only now`;
    if (head?.movedAt === NOW)
      return `event ${version} is set aside though event ${missing - 1} was completed just now`;
    return undefined;
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
        : state.queue.map((one) =>
            message === 'parked' && one.messageId === messageId ? { ...one, isParked: true } : one,
          );
    return { ...state, queue, workers: state.workers.filter((one) => one !== this.worker) };
  }

  #with(state: ConsumerState, worker: Worker): ConsumerState {
    return { ...state, workers: state.workers.map((one) => (one === this.worker ? worker : one)) };
  }

  #sharesPlace({ event }: Worker): boolean {
    return placeOf(this.kind.policy, event) === this.#place;
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

function isDone({ head, record }: StoredState, version: number): boolean {
  return record !== undefined || version <= (head?.lastVersion ?? 0);
}

function attemptsOf(event: InboxMessage, { pending }: StoredState, token: string): number {
  return pending?.token === token ? pending.attempts : attemptsSoFar(event, { pending }) + 1;
}
