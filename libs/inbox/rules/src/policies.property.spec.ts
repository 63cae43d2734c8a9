import * as fc from 'fast-check';
import { decide } from './decide';
import type { Decision } from './decision';
import type { InboxMessage, StoredState } from './message';
import type { Policy } from './policy';

const IN_ORDER: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 3_600 };

/** Per subject: how many versions exist. Then copies of those events and a schedule that interleaves their workers. */
const history = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  duplicates: fc.array(fc.nat(), { maxLength: 10 }),
  schedule: fc.infiniteStream(fc.nat()),
});

describe('once', () => {
  it('has one effect per event under duplicates and interleavings', () => {
    fc.assert(
      fc.property(history, ({ lengths, duplicates, schedule }) => {
        const events = eventsOf(lengths);
        const { effects } = run({ kind: 'once' }, events, duplicates, schedule);
        expect(effects.map((event) => event.id).sort()).toEqual(events.map((event) => event.id).sort());
      }),
    );
  });
});

describe('in-order', () => {
  it('applies every subject as 1, 2, 3 …, each once, under duplicates, reordering and interleavings', () => {
    fc.assert(
      fc.property(history, ({ lengths, duplicates, schedule }) => {
        const events = eventsOf(lengths);
        const { effects } = run(IN_ORDER, events, duplicates, schedule);
        for (const subject of subjectsOf(events)) {
          const applied = effects.filter((event) => event.subject === subject).map((event) => event.version);
          expect(applied).toEqual(applied.map((_, index) => index + 1));
        }
        expect(effects).toHaveLength(events.length);
      }),
    );
  });
});

describe('latest', () => {
  it('only ever moves forward, ends at the newest version and applies none twice', () => {
    fc.assert(
      fc.property(history, ({ lengths, duplicates, schedule }) => {
        const events = eventsOf(lengths);
        const { effects } = run({ kind: 'latest' }, events, duplicates, schedule);
        for (const [index, subject] of subjectsOf(events).entries()) {
          const applied = effects.filter((event) => event.subject === subject).map((event) => event.version);
          expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b));
          expect(applied.at(-1)).toBe(lengths[index]);
        }
      }),
    );
  });
});

function eventsOf(lengths: readonly number[]): InboxMessage[] {
  return lengths.flatMap((length, subject) =>
    Array.from({ length }, (_, index) => ({
      id: `event-${subject}-${index + 1}`,
      type: `Type${index + 1}`,
      subject: `subject-${subject}`,
      version: index + 1,
      recognition: 'known' as const,
    })),
  );
}

function subjectsOf(events: readonly InboxMessage[]): string[] {
  return [...new Set(events.map((event) => event.subject))];
}

/**
 * Every copy of an event has a worker that reads, decides, then writes; the schedule picks whose step is next, so a
 * write may rest on a state that is no longer true. A table with conditional writes is all they share.
 */
function run(
  policy: Policy,
  events: readonly InboxMessage[],
  duplicates: readonly number[],
  schedule: Iterable<number>,
) {
  const table = new Table(policy);
  const effects: InboxMessage[] = [];
  const copies = duplicates.flatMap((pick) => events[pick % events.length] ?? []);
  const workers = [...copies, ...events].map((message) => ({ message, seen: undefined as Seen | undefined }));

  for (const pick of schedule) {
    if (workers.length === 0) break;
    const index = pick % workers.length;
    const worker = workers[index];
    if (!worker) throw new Error('the pick is within the workers');
    const { message, seen } = worker;
    if (!seen) {
      const stored = table.read(message);
      const decision = decide(policy, message, stored, { now: 0, firstReceivedAt: 0, receives: 1, messageId: 'm' });
      worker.seen = { stored, decision };
    } else if (seen.decision.kind === 'park') {
      worker.seen = undefined;
    } else if (seen.decision.kind === 'apply') {
      if (table.write(message, seen.stored)) {
        effects.push(message);
        workers.splice(index, 1);
      } else worker.seen = undefined;
    } else {
      expect(['done', 'skip']).toContain(seen.decision.kind);
      workers.splice(index, 1);
    }
  }
  return { effects };
}

interface Seen {
  readonly stored: StoredState;
  readonly decision: Decision;
}

/** A head per subject and a record per effect, written together if the guarded one is still what was read. */
class Table {
  readonly #heads = new Map<string, StoredState['head']>();
  readonly #records = new Map<string, StoredState['record']>();
  constructor(private readonly policy: Policy) {}

  read(message: InboxMessage): StoredState {
    return { head: this.#heads.get(message.subject), record: this.#records.get(this.#place(message)) };
  }

  write(message: InboxMessage, seen: StoredState): boolean {
    const now = this.read(message);
    const unchanged = this.policy.kind === 'once' ? now.record === seen.record : now.head === seen.head;
    if (!unchanged) return false;
    const firstVersion = seen.head?.firstVersion ?? message.version;
    this.#heads.set(message.subject, { firstVersion, lastVersion: message.version, lastEventId: message.id });
    this.#records.set(this.#place(message), { version: message.version, eventId: message.id });
    return true;
  }

  #place(message: InboxMessage): string {
    return `${message.subject}/${message.version}`;
  }
}
