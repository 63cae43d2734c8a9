import * as fc from 'fast-check';
import { decide } from './decide';
import type { DeadLetter, Decision } from './decision';
import type { InboxMessage, Publication, StoredState } from './message';
import { ASK_AFTER_SECONDS } from './parking';
import type { InOrderStart, Policy } from './policy';

const BUDGET_SECONDS = 600;
const inOrder = (start: InOrderStart): Policy => ({ kind: 'in-order', start, parkBudgetSeconds: BUDGET_SECONDS });

interface Setting {
  readonly policy: Policy;
  /** Whether the consumer may read the outbox. */
  readonly mayAsk?: boolean;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  once: { policy: { kind: 'once' } },
  latest: { policy: { kind: 'latest' } },
  'in-order from the beginning': { policy: inOrder('beginning') },
  'in-order from the first seen': { policy: inOrder('first-seen') },
  'in-order, asking the outbox': { policy: inOrder('beginning'), mayAsk: true },
};

/** A message on the queue; every copy of an event is one of its own. */
interface Copy {
  readonly message: InboxMessage;
  receives: number;
  firstReceivedAt?: number;
  visibleAt: number;
}

/** An invocation that handles a copy: it reads, decides, writes, and reports; it may die after each. */
interface Worker {
  readonly copy: Copy;
  seen?: StoredState;
  decision?: Decision;
}

/** A publisher, the way to the queue, the queue, workers, a table with conditional writes, and a DLQ. */
class World {
  now = Date.UTC(2026, 0, 1);
  /** What the publisher's table says of each subject, by version. */
  history = new Map<string, InboxMessage[]>();
  readonly underWay: InboxMessage[] = [];
  /** When what was committed left the publisher, whether it arrived or not; by event id. */
  readonly publishedAt = new Map<string, number>();
  queue: Copy[] = [];
  workers: Worker[] = [];
  readonly effects: InboxMessage[] = [];
  deadLetters: { readonly message: InboxMessage; readonly letter: DeadLetter }[] = [];
  readonly #heads = new Map<string, NonNullable<StoredState['head']>>();
  readonly #records = new Map<string, NonNullable<StoredState['record']>>();
  #ids = 0;
  #snapshot = new Map<string, InboxMessage[]>();

  readonly #missed = new Map<string, { readonly version: number; readonly since: number }>();

  constructor(
    private readonly policy: Policy,
    private readonly mayAsk = false,
  ) {}

  commit(subject: string): void {
    const events = this.history.get(subject) ?? [];
    const version = events.length + 1;
    const id = `e-${(this.#ids += 1)}`;
    const message: InboxMessage = { id, type: `Type${version}`, subject, version, recognition: 'known' };
    this.history.set(subject, [...events, message]);
    this.underWay.push(message);
  }

  deliver(pick: number, forget: boolean): void {
    const index = pick % Math.max(1, this.underWay.length);
    const message = this.underWay[index];
    if (!message) return;
    if (forget) this.underWay.splice(index, 1);
    this.publishedAt.set(message.id, this.now);
    this.send(message);
  }

  /** The bus took it, and it got no further. */
  lose(pick: number): void {
    for (const { id } of this.underWay.splice(pick, 1)) this.publishedAt.set(id, this.now);
  }

  send(message: InboxMessage): void {
    this.queue.push({ message, receives: 0, visibleAt: this.now });
  }

  /** A copy may be handed out again while a slow worker still has it: visibility is a time, not a lock. */
  receive(pick: number): void {
    const visible = this.queue.filter(({ visibleAt }) => visibleAt <= this.now);
    const copy = visible[pick % Math.max(1, visible.length)];
    if (!copy) return;
    copy.receives += 1;
    copy.firstReceivedAt ??= this.now;
    this.workers.push({ copy });
  }

  step(pick: number): void {
    const worker = this.workers[pick % Math.max(1, this.workers.length)];
    if (!worker) return;
    const { message, receives, firstReceivedAt = this.now } = worker.copy;
    if (!worker.seen) worker.seen = this.#read(message);
    else if (!worker.decision) {
      worker.decision = decide(this.policy, message, worker.seen, {
        now: this.now,
        firstReceivedAt,
        receives,
        messageId: 'm',
      });
      if (worker.decision.kind === 'park') this.#judgeWait(message, worker.seen, firstReceivedAt);
    } else if (worker.decision.kind === 'ask') {
      const { version } = worker.decision;
      const publication: Publication = this.mayAsk ? this.#publicationOf(message.subject, version) : { kind: 'absent' };
      const missedSince = publication.kind === 'waiting' ? this.now : this.#miss(message.subject, version);
      worker.seen = { ...this.#read(message), awaited: { version, publication, missedSince } };
      worker.decision = undefined;
    } else if (worker.decision.kind === 'apply') {
      if (this.#write(message, worker.seen)) this.#apply(message);
      // Done after its own write, another decision after somebody else's: the same in both cases, read again.
      worker.seen = undefined;
      worker.decision = undefined;
    } else this.#report(worker, worker.decision);
  }

  crash(pick: number): void {
    const worker = this.workers[pick % Math.max(1, this.workers.length)];
    this.workers = this.workers.filter((other) => other !== worker);
  }

  backUp(): void {
    this.#snapshot = new Map(this.history);
  }

  /** The publisher's table goes back in time: it gives out versions anew, under other ids. Consumers keep theirs. */
  restore(): void {
    this.history = new Map(this.#snapshot);
  }

  redrive(): void {
    const back = this.deadLetters.filter(({ letter }) => letter.reason === 'gap').map(({ message }) => message);
    this.deadLetters = this.deadLetters.filter(({ letter }) => letter.reason !== 'gap');
    for (const message of back.sort((a, b) => a.version - b.version)) this.send(message);
  }

  /** Nothing fails any more: whatever was committed comes once more, everything on the queue is handled to its end. */
  recover(): void {
    for (const message of [...this.history.values()].flat()) this.send(message);
    this.redrive();
    this.queue.sort((a, b) => a.message.version - b.message.version);
    this.workers = [];
    for (let round = 0; this.queue.length > 0; round += 1) {
      expect(round).toBeLessThan(2_000);
      this.#handleVisible();
      this.now += 1_000;
    }
  }

  /** Twenty minutes in which whatever the queue hands out is handled to its end, and nothing arrives. */
  serve(): void {
    this.workers = [];
    for (let minute = 0; minute < 20; minute += 1) {
      this.#handleVisible();
      this.now += 60_000;
    }
  }

  #handleVisible(): void {
    for (const copy of [...this.queue]) {
      if (copy.visibleAt > this.now) continue;
      copy.receives += 1;
      copy.firstReceivedAt ??= this.now;
      this.workers = [{ copy }];
      for (let steps = 0; this.workers.length > 0; steps += 1) {
        expect(steps).toBeLessThan(20);
        this.step(0);
      }
    }
  }

  /** Nothing waits longer than its budget, but for what is published late or not at all. */
  #judgeWait({ subject }: InboxMessage, { head }: StoredState, firstReceivedAt: number): void {
    const publication = this.#publicationOf(subject, (head?.lastVersion ?? 0) + 1);
    if (this.mayAsk && publication.kind === 'waiting') return;
    const published = this.mayAsk && publication.kind === 'published' ? publication.at : 0;
    const since = Math.max(published, this.#missed.get(subject)?.since ?? 0, firstReceivedAt);
    expect(this.now - since).toBeLessThan((ASK_AFTER_SECONDS + BUDGET_SECONDS) * 1_000);
  }

  /** Since when a version is missed; while an earlier one is, this one isn't yet. As the store notes it. */
  #miss(subject: string, version: number): number {
    const noted = this.#missed.get(subject);
    if (noted?.version === version) return noted.since;
    const lastVersion = this.#heads.get(subject)?.lastVersion ?? 0;
    if (noted && noted.version > lastVersion && noted.version < version) return this.now;
    this.#missed.set(subject, { version, since: this.now });
    return this.now;
  }

  #publicationOf(subject: string, version: number): Publication {
    const event = this.history.get(subject)?.[version - 1];
    if (!event) return { kind: 'absent' };
    const at = this.publishedAt.get(event.id);
    return at === undefined ? { kind: 'waiting' } : { kind: 'published', at };
  }

  #read(message: InboxMessage): StoredState {
    return { head: this.#heads.get(message.subject), record: this.#records.get(this.#place(message)) };
  }

  #write(message: InboxMessage, seen: StoredState): boolean {
    const now = this.#read(message);
    if (this.policy.kind === 'once' ? now.record !== seen.record : now.head !== seen.head) return false;
    const firstVersion = seen.head?.firstVersion ?? message.version;
    this.#heads.set(message.subject, { firstVersion, lastVersion: message.version, lastEventId: message.id });
    this.#records.set(this.#place(message), { version: message.version, eventId: message.id });
    return true;
  }

  #place({ subject, version }: InboxMessage): string {
    return `${subject}/${version}`;
  }

  /** What the guarantees say of an effect at the moment it happens. */
  #apply(message: InboxMessage): void {
    const before = this.effects.filter(({ subject }) => subject === message.subject);
    expect(before.map(({ id }) => id)).not.toContain(message.id);
    expect(before.map(({ version }) => version)).not.toContain(message.version);
    const last = before.at(-1)?.version;
    if (this.policy.kind === 'latest') expect(message.version).toBeGreaterThan(last ?? 0);
    if (this.policy.kind === 'in-order' && (last !== undefined || this.policy.start === 'beginning')) {
      expect(message.version).toBe((last ?? 0) + 1);
    }
    this.effects.push(message);
  }

  #report(worker: Worker, decision: Decision): void {
    this.workers = this.workers.filter((other) => other !== worker);
    if (decision.kind === 'park') {
      worker.copy.visibleAt = this.now + decision.visibilitySeconds * 1_000;
      return;
    }
    if (decision.kind === 'dead-letter' && decision.reason === 'gap') {
      // What is missing was published, and missed by a consumer at work, long enough ago to have come.
      const { publication, missedSince = this.now } = worker.seen?.awaited ?? {};
      expect(publication?.kind).toMatch(/published|absent/);
      const since = Math.max(missedSince, publication?.kind === 'published' ? publication.at : 0);
      expect(this.now - since).toBeGreaterThanOrEqual(BUDGET_SECONDS * 1_000);
    }
    if (decision.kind === 'dead-letter') this.deadLetters.push({ message: worker.copy.message, letter: decision });
    this.queue = this.queue.filter((copy) => copy !== worker.copy);
  }
}

/** One step of the world, with its name for the report of a failure. */
class Step implements fc.Command<object, World> {
  constructor(
    private readonly name: string,
    private readonly act: (world: World) => void,
  ) {}

  check(): boolean {
    return true;
  }

  run(_model: object, world: World): void {
    this.act(world);
  }

  toString(): string {
    return this.name;
  }
}

const step = (name: string, act: (world: World) => void) => fc.constant(new Step(name, act));
const picked = (name: string, act: (world: World, pick: number) => void) =>
  fc.nat(7).map((pick) => new Step(`${name}(${pick})`, (world) => act(world, pick)));

const steps = [
  fc.constantFrom('a', 'b').map((subject) => new Step(`commit(${subject})`, (world) => world.commit(subject))),
  picked('deliver', (world, pick) => world.deliver(pick, true)),
  picked('deliver a copy', (world, pick) => world.deliver(pick, false)),
  picked('lose on the way', (world, pick) => world.lose(pick)),
  picked('receive', (world, pick) => world.receive(pick)),
  picked('step', (world, pick) => world.step(pick)),
  picked('step', (world, pick) => world.step(pick)),
  picked('step', (world, pick) => world.step(pick)),
  picked('crash', (world, pick) => world.crash(pick)),
  fc
    .integer({ min: 1, max: 400 })
    .map((seconds) => new Step(`wait(${seconds} s)`, (world) => void (world.now += seconds * 1_000))),
  step('serve for twenty minutes', (world) => world.serve()),
  step('redrive', (world) => world.redrive()),
  step('back up', (world) => world.backUp()),
];
const restore = step('restore', (world) => world.restore());

describe.each(Object.entries(SETTINGS))('%s', (_name, { policy, mayAsk }) => {
  const explore = (steps: fc.Arbitrary<Step>[], judge: (world: World) => void) =>
    fc.assert(
      fc.property(fc.commands(steps, { maxCommands: 150, size: '+1' }), (commands) => {
        const world = new World(policy, mayAsk);
        fc.modelRun(() => ({ model: {}, real: world }), commands);
        world.recover();
        judge(world);
      }),
      { numRuns: 100 },
    );
  const newest = ({ history }: World) => [...history.values()].flatMap((events) => events.slice(-1));

  it('has one effect of every event in the end, and sets aside only what is late, whatever is lost, repeated or dies', () => {
    explore(steps, (world) => {
      const done = new Set(world.effects.map(({ id }) => id));
      const late = new Set(world.deadLetters.map(({ message }) => message.id));
      for (const { letter, message } of world.deadLetters) {
        // Only who begins in the middle knows anything to be late.
        expect([policy, letter.reason]).toEqual([expect.objectContaining({ start: 'first-seen' }), 'late']);
        expect(message.version).toBeLessThan(firstApplied(world, message.subject));
        expect(done).not.toContain(message.id);
      }
      const events = policy.kind === 'latest' ? newest(world) : [...world.history.values()].flat();
      expect(events.filter(({ id }) => !done.has(id) && !late.has(id))).toEqual([]);
    });
  });

  it('after a restore sets aside what takes a place that is taken, and loses nothing else', () => {
    explore([...steps, restore], (world) => {
      const done = new Set(world.effects.map(({ id }) => id));
      const aside = new Set(world.deadLetters.map(({ message }) => message.id));
      const committed = new Set([...world.history.values()].flat().map(({ id }) => id));
      const taken = ['version-conflict', ...('start' in policy && policy.start === 'first-seen' ? ['late'] : [])];
      for (const { letter, message } of world.deadLetters) {
        // An event that the restore took back may wait in vain for predecessors that it took back too.
        expect(committed.has(message.id) ? taken : [...taken, 'gap']).toContain(letter.reason);
        expect(done).not.toContain(message.id);
      }
      const superseded = (event: InboxMessage): boolean =>
        policy.kind === 'latest' &&
        world.effects.some(({ subject, version }) => subject === event.subject && version > event.version);
      const lost = [...world.history.values()].flat().filter(({ id }) => !done.has(id) && !aside.has(id));
      expect(lost.filter((event) => !superseded(event))).toEqual([]);
    });
  });
});

function firstApplied({ effects }: World, subject: string): number {
  return effects.find((effect) => effect.subject === subject)?.version ?? 0;
}
