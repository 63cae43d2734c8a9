import * as fc from 'fast-check';
import { decide } from './decide';
import type { Decision } from './decision';
import type { Head, InboxMessage, StoredState } from './message';
import { attemptsSoFar, type Pending } from './pending';
import type { Policy } from './policy';

const INVOCATION_MS = 30_000;
const LEASE_MARGIN_MS = 5_000;
const MAX_ATTEMPTS = 3;
const POLICIES = {
  once: { kind: 'once' },
  latest: { kind: 'latest' },
  'in-order': { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 600 },
} as const satisfies Record<string, Policy>;

/** A message on the queue. */
interface Copy {
  readonly message: InboxMessage;
  readonly messageId: string;
  receives: number;
  firstReceivedAt?: number;
  visibleAt: number;
}

/** An invocation that handles a copy; Lambda ends it at its deadline, wherever it is. */
interface Worker {
  readonly copy: Copy;
  readonly token: string;
  readonly deadline: number;
  seen?: StoredState;
  /** What its call said; it has none before. */
  called?: 'answered' | 'failed';
}

/** A consumer that calls the outside world under a lease, in steps that may interleave with others' and die between. */
class World {
  now = Date.UTC(2026, 0, 1);
  readonly messages: InboxMessage[];
  queue: Copy[] = [];
  workers: Worker[] = [];
  readonly sent: InboxMessage[] = [];
  readonly calls: InboxMessage[] = [];
  readonly completed: InboxMessage[] = [];
  deadLetters: Copy[] = [];
  isPartnerUp = true;
  readonly #heads = new Map<string, Head>();
  /** When a version that doesn't come was asked for first. */
  readonly #missedSince = new Map<number, number>();
  readonly #records = new Map<string, NonNullable<StoredState['record']>>();
  readonly #pending = new Map<string, Pending>();
  #ids = 0;

  constructor(
    private readonly policy: Policy,
    readonly versions: number,
  ) {
    this.messages = Array.from({ length: versions }, (_, index) => ({
      id: `e-${index + 1}`,
      type: 'Changed',
      subject: 's',
      version: index + 1,
      recognition: 'known' as const,
    }));
    for (const message of this.messages) this.send(message);
  }

  send(message: InboxMessage): void {
    this.sent.push(message);
    this.queue.push({ message, messageId: this.#id(), receives: 0, visibleAt: this.now });
  }

  /** The bus delivers an event once more. */
  copy(pick: number): void {
    const message = this.messages[pick % this.messages.length];
    if (message) this.send(message);
  }

  receive(pick: number): void {
    const visible = this.queue.filter(({ visibleAt }) => visibleAt <= this.now);
    const copy = visible[pick % Math.max(1, visible.length)];
    if (!copy) return;
    copy.receives += 1;
    copy.firstReceivedAt ??= this.now;
    copy.visibleAt = this.now + 6 * INVOCATION_MS;
    this.workers.push({ copy, token: this.#id(), deadline: this.now + INVOCATION_MS });
  }

  crash(pick: number): void {
    this.#end(this.workers[pick % Math.max(1, this.workers.length)]);
  }

  /** One read, one write or one call; what was read may be out of date by then. */
  step(pick: number): void {
    const worker = this.workers[pick % Math.max(1, this.workers.length)];
    if (!worker) return;
    if (this.now >= worker.deadline) return this.#end(worker);
    const { copy, token } = worker;
    const { message, messageId, receives, firstReceivedAt = this.now } = copy;
    if (!worker.seen) {
      worker.seen = this.#read(message);
      return;
    }
    const delivery = { now: this.now, firstReceivedAt, receives, messageId, token };
    const decision = decide(this.policy, message, worker.seen, delivery);
    if (decision.kind === 'ask') {
      const { version } = decision;
      const missedSince = this.#missedSince.get(version) ?? this.now;
      this.#missedSince.set(version, missedSince);
      worker.seen = { ...this.#read(message), awaited: { version, publication: { kind: 'absent' }, missedSince } };
      return;
    }
    if (decision.kind !== 'apply') return this.#report(worker, decision);
    if (worker.seen.pending?.token !== token) return this.#claim(worker, worker.seen);
    if (!worker.called) return this.#call(worker);
    return worker.called === 'answered' ? this.#complete(worker) : this.#fail(worker, worker.seen.pending);
  }

  redrive(): void {
    for (const { message } of this.deadLetters.splice(0)) this.send(message);
  }

  /** The partner is there again, nothing dies any more, and everything is handled to its end. */
  recover(): void {
    this.isPartnerUp = true;
    this.workers = [];
    for (let round = 0; this.queue.length + this.deadLetters.length > 0; round += 1) {
      expect(round).toBeLessThan(5_000);
      this.redrive();
      this.receive(0);
      for (let steps = 0; this.workers.length > 0; steps += 1) {
        expect(steps).toBeLessThan(20);
        this.step(0);
      }
      this.now += 1_000;
    }
  }

  #claim(worker: Worker, seen: StoredState): void {
    const { message, messageId } = worker.copy;
    const attempts = attemptsSoFar(message, seen) + 1;
    const pending: Pending = {
      ...this.#about(message, Math.min(attempts, MAX_ATTEMPTS), worker.token),
      ...(attempts > MAX_ATTEMPTS
        ? { status: 'dead-lettered', reason: 'attempts', messageId, token: this.#id() }
        : { status: 'claimed', leaseUntil: worker.deadline + LEASE_MARGIN_MS }),
    };
    worker.seen = undefined;
    if (this.#isAsSeen(message, seen)) this.#pending.set(this.#place(message), pending);
  }

  #call(worker: Worker): void {
    const { message } = worker.copy;
    const ofLatest = Math.max(0, ...this.calls.map(({ version }) => version));
    if (this.policy.kind === 'latest') expect(message.version).toBeGreaterThanOrEqual(ofLatest);
    if (this.policy.kind === 'in-order') expect(this.completed).toHaveLength(message.version - 1);
    expect(this.completed).not.toContain(message);
    this.calls.push(message);
    // Each message that comes anew, a copy or a redriven one, may begin the count anew after a dead letter.
    const times = (all: readonly InboxMessage[]) => all.filter((one) => one === message).length;
    expect(times(this.calls)).toBeLessThanOrEqual(MAX_ATTEMPTS * times(this.sent));
    worker.called = this.isPartnerUp ? 'answered' : 'failed';
  }

  #complete(worker: Worker): void {
    const { message } = worker.copy;
    const { seen = {} } = worker;
    worker.seen = undefined;
    if (!this.#isAsSeen(message, seen)) return;
    expect(this.completed).not.toContain(message);
    this.completed.push(message);
    this.#pending.delete(this.#place(message));
    this.#records.set(message.id, { version: message.version, eventId: message.id });
    const firstVersion = seen.head?.firstVersion ?? message.version;
    this.#heads.set(message.subject, { firstVersion, lastVersion: message.version, lastEventId: message.id });
  }

  #fail(worker: Worker, mine: Pending): void {
    const { copy, seen = {} } = worker;
    const isDead = mine.attempts >= MAX_ATTEMPTS;
    const pending: Pending = {
      ...this.#about(copy.message, mine.attempts, this.#id()),
      ...(isDead ? { status: 'dead-lettered', reason: 'attempts', messageId: copy.messageId } : { status: 'retrying' }),
    };
    if (!this.#isAsSeen(copy.message, seen)) {
      worker.seen = undefined;
      return;
    }
    this.#pending.set(this.#place(copy.message), pending);
    if (isDead) this.#setAside(copy);
    else copy.visibleAt = this.now + 2_000;
    this.#end(worker);
  }

  #report(worker: Worker, decision: Decision): void {
    const { copy } = worker;
    if ('visibilitySeconds' in decision) copy.visibleAt = this.now + decision.visibilitySeconds * 1_000;
    else if (decision.kind === 'dead-letter') this.#setAside(copy);
    else this.queue = this.queue.filter((one) => one !== copy);
    // Nobody waits in vain for what was begun, however long that takes.
    if (decision.kind === 'dead-letter') {
      expect(decision.reason).toBe(worker.seen?.pending?.version === copy.message.version ? 'attempts' : 'gap');
      if (decision.reason === 'gap') expect(worker.seen?.pending).toBeUndefined();
    }
    this.#end(worker);
  }

  #setAside(copy: Copy): void {
    if (!this.deadLetters.includes(copy)) this.deadLetters.push(copy);
    this.queue = this.queue.filter((one) => one !== copy);
  }

  #about({ id, type, version }: InboxMessage, attempts: number, token: string) {
    return { eventId: id, type, version, attempts, firstAttemptAt: this.now, token };
  }

  #read(message: InboxMessage): StoredState {
    const pending = this.#pending.get(this.#place(message));
    const record = this.#records.get(message.id);
    return this.policy.kind === 'once'
      ? { record, pending }
      : { head: this.#heads.get(message.subject), record, pending };
  }

  #isAsSeen(message: InboxMessage, seen: StoredState): boolean {
    const now = this.#read(message);
    return now.pending?.token === seen.pending?.token && now.head === seen.head && now.record === seen.record;
  }

  #place({ id, subject }: InboxMessage): string {
    return this.policy.kind === 'once' ? id : subject;
  }

  #end(worker: Worker | undefined): void {
    this.workers = this.workers.filter((one) => one !== worker);
  }

  #id(): string {
    return `id-${(this.#ids += 1)}`;
  }
}

type Act = (world: World) => void;
const picked = (act: (world: World, pick: number) => void) =>
  fc.nat(7).map(
    (pick): Act =>
      (world) =>
        act(world, pick),
  );
const act = fc.oneof(
  { weight: 4, arbitrary: picked((world, pick) => world.receive(pick)) },
  { weight: 12, arbitrary: picked((world, pick) => world.step(pick)) },
  picked((world, pick) => world.crash(pick)),
  picked((world, pick) => world.copy(pick)),
  fc.integer({ min: 1, max: 200 }).map(
    (seconds): Act =>
      (world) =>
        void (world.now += seconds * 1_000),
  ),
  fc.constant<Act>((world) => void (world.isPartnerUp = !world.isPartnerUp)),
  fc.constant<Act>((world) => world.redrive()),
);

describe.each(Object.entries(POLICIES))('a call under %s', (_name, policy: Policy) => {
  it('is completed once for every event in the end, in its turn, whatever fails, repeats or dies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(act, { maxLength: 150, size: '+1' }), (versions, acts) => {
        const world = new World(policy, versions);
        for (const one of acts) one(world);
        world.recover();
        const completed = world.completed.map(({ version }) => version);
        const all = world.messages.map(({ version }) => version);
        if (policy.kind === 'latest') expect(completed.at(-1)).toBe(versions);
        else expect([...completed].sort((a, b) => a - b)).toEqual(all);
        if (policy.kind !== 'once') expect(completed).toEqual([...completed].sort((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
});
