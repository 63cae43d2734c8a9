import { consumer, type Consumer } from '@outbox/inbox-dynamodb';
import { defineAggregate, type EventEnvelope } from '@outbox/outbox-envelope';
import { createMemoryOutbox, type MemoryOutbox } from '@outbox/outbox-testing';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { deliver, type Deployment } from './deliver';

/** Before and after a release: a further version of one event, and a further event. */
const before = defineAggregate('parcel', { events: { Moved: { v1: z.object({ place: z.string() }) } } });
const after = defineAggregate('parcel', {
  events: {
    Moved: { v1: z.object({ place: z.string() }), v2: z.object({ city: z.string(), street: z.string() }) },
    Lost: { v1: z.object({ since: z.string() }) },
  },
});

const POLICIES = ['once', 'in-order', 'latest'] as const;
type Version = 'old' | 'new';

/** The same consumer as it was and as it is: it reads the versions that its release knows, and notes what it applies. */
function consumersOf(
  policy: (typeof POLICIES)[number],
  applied: EventEnvelope[] = [],
): Readonly<Record<Version, Consumer>> {
  const name = 'whereabouts';
  const note = (event: EventEnvelope, at: string) => {
    applied.push(event);
    return { at };
  };
  return {
    old: consumer({ name, policy, on: before, effect: (event) => note(event, event.data.place) }),
    new: consumer({
      name,
      policy,
      on: [after.Moved, after.Lost],
      effect: (event) => {
        const { data } = event;
        return note(event, 'place' in data ? data.place : 'city' in data ? data.city : `lost ${data.since}`);
      },
    }),
  };
}

/** What each release of the producer commits as event `sequence` of a parcel. */
const COMMITS = {
  old: (outbox: MemoryOutbox, id: string, sequence: number) =>
    outbox.commit({ aggregate: before, id, after: sequence - 1, events: [before.Moved({ place: `p-${sequence}` })] }),
  new: (outbox: MemoryOutbox, id: string, sequence: number) => {
    const events = [after.Moved({ city: `p-${sequence}`, street: 's' })];
    return outbox.commit({ aggregate: after, id, after: sequence - 1, events });
  },
  'new type': (outbox: MemoryOutbox, id: string, sequence: number) =>
    outbox.commit({ aggregate: after, id, after: sequence - 1, events: [after.Lost({ since: `p-${sequence}` })] }),
} as const;

const version = fc.constantFrom<Version>('old', 'new');
/** Longer than any deployment takes, and shorter than the attempts at a version that can't be read: four hours. */
const HOURS = 4 * 3_600;

/** Which release of the consumer runs when: any, for some hours; in the end the new one. */
const schedule = fc
  .array(fc.record({ version, afterSeconds: fc.integer({ min: 0, max: HOURS }) }), { maxLength: 4 })
  .map((steps) => [...steps].sort((a, b) => a.afterSeconds - b.afterSeconds));

/** A time between two lots of events: what the producers' releases commit, and which consumers get it. */
const period = fc.record({
  commits: fc.array(fc.record({ parcel: fc.constantFrom('p-1', 'p-2'), version }), { minLength: 1, maxLength: 4 }),
  first: version,
  schedule,
  duplicate: fc.boolean(),
  reorder: fc.boolean(),
  seed: fc.nat(),
});

describe('producer and consumers of neighbouring releases', () => {
  it.each(POLICIES)(
    'work in any order of deployments and rollbacks: nothing lost, all in order (%s)',
    async (policy) => {
      const applied: EventEnvelope[] = [];
      const consumers = consumersOf(policy, applied);
      await fc.assert(
        fc.asyncProperty(fc.array(period, { minLength: 1, maxLength: 3 }), async (periods) => {
          applied.length = 0;
          const outbox = createMemoryOutbox({ source: 'parcels' });
          const last = new Map<string, number>();
          const deadLetters: unknown[] = [];
          let completed: readonly { readonly eventId: string }[] = [];
          for (const { commits, first, schedule: steps, ...how } of periods) {
            for (const { parcel, version: producer } of commits) {
              const sequence = (last.get(parcel) ?? 0) + 1;
              last.set(parcel, sequence);
              await COMMITS[producer](outbox, parcel, sequence);
            }
            const deploy: Deployment[] = [
              ...steps.map((step) => ({ consumer: consumers[step.version], afterSeconds: step.afterSeconds })),
              { consumer: consumers.new, afterSeconds: HOURS },
            ];
            // All there ever was: copies of what was applied come to releases that can't read them any more.
            const delivered = await deliver(consumers[first], outbox.events(), { outbox, deploy, ...how });
            deadLetters.push(...delivered.deadLetters);
            ({ completed } = delivered);
          }
          // The other policies may compute a pure effect again: the write decides.
          if (policy === 'in-order') expect(isInOrder(applied)).toBe(true);
          expect(deadLetters).toEqual([]);
          expect(completed.map(({ eventId }) => eventId).sort()).toEqual(wanted(policy, outbox.events()));
        }),
        { numRuns: 12 },
      );
    },
  );

  it.each(POLICIES)(
    'sets a version aside that nobody reads for longer than that, and redrives it (%s)',
    async (policy) => {
      const consumers = consumersOf(policy);
      const outbox = createMemoryOutbox({ source: 'parcels' });
      await COMMITS.new(outbox, 'p-1', 1);
      const { deadLetters } = await deliver(consumers.old, outbox.events(), { outbox });
      expect(deadLetters).toMatchObject([{ reason: 'unknown-version' }]);
      const { completed } = await deliver(consumers.new, outbox.events(), { outbox });
      expect(completed).toHaveLength(1);
    },
  );

  it.each<[(typeof POLICIES)[number], string[]]>([
    ['once', ['p-1', 'p-3', 'lost p-2']],
    ['in-order', ['p-1', 'p-3']],
    ['latest', ['p-3']],
  ])('pass over a type that only the new ones know, and go on (%s)', async (policy, places) => {
    const consumers = consumersOf(policy);
    const outbox = createMemoryOutbox({ source: 'parcels' });
    await COMMITS.old(outbox, 'p-1', 1);
    await COMMITS['new type'](outbox, 'p-1', 2);
    const early = await deliver(consumers.old, outbox.events(), { outbox });
    expect(early).toMatchObject({ completed: [{ effect: { at: 'p-1' } }], deadLetters: [] });
    await COMMITS.old(outbox, 'p-1', 3);
    const { deadLetters } = await deliver(consumers.old, outbox.events().slice(-1), { outbox, reorder: true });
    // A replay to the new ones: in order it is too late for what was passed over, once it isn't.
    const { completed } = await deliver(consumers.new, outbox.events(), { outbox, duplicate: true });
    expect(deadLetters).toEqual([]);
    expect(completed.map(({ effect }) => effect['at'])).toEqual(places);
  });
});

/** What is to be completed of events: all, or under `latest` the newest of each parcel. */
function wanted(policy: string, events: readonly EventEnvelope[]): string[] {
  const newest = new Map(events.map((event) => [event.subject, event.id]));
  return (policy === 'latest' ? [...newest.values()] : events.map(({ id }) => id)).sort();
}

/** Whether the events of each parcel are 1, 2, 3 … */
function isInOrder(applied: readonly EventEnvelope[]): boolean {
  const last = new Map<string, number>();
  return applied.every(({ subject, sequence }) => {
    const next = (last.get(subject) ?? 0) + 1;
    last.set(subject, next);
    return Number(sequence) === next;
  });
}
