import { consumer, loadStart, seedHead, writeStart, type Consumer } from '@outbox/inbox-dynamodb';
import { deliver } from './deliver';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createMemoryOutbox } from '@outbox/outbox-testing';
import * as z from 'zod/mini';

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({ place: z.string() }) } } });
const journal = consumer({ name: 'journal', policy: 'in-order', on: parcel, effect: ({ data }) => data });
const whereabouts = consumer({ name: 'whereabouts', policy: 'latest', on: parcel, effect: ({ data }) => data });
const subject = { source: 'parcels', aggregateType: 'parcel', id: 'p-1' };
const AT = '2026-01-01T00:00:00.000Z';

describe('a consumer that joins late', () => {
  it('begins where it was told first, whatever it is told later', async () => {
    const { inbox } = await setUp(journal);
    expect(await loadStart(inbox, 'parcels')).toBeUndefined();
    const first = { from: 'now', at: AT, by: 'me' } as const;
    expect(await writeStart(inbox, 'parcels', first)).toEqual(first);
    expect(await writeStart(inbox, 'parcels', { from: 'beginning', at: 'later', by: 'you' })).toEqual(first);
    expect(await loadStart(inbox, 'parcels')).toEqual(first);
    expect(await loadStart(inbox, 'other')).toBeUndefined();
  });

  it.each([
    ['in-order', journal, ['p-3', 'p-4', 'p-5']],
    ['latest', whereabouts, ['p-5']],
  ])('takes the next event at once, and leaves aside what lies before (%s)', async (_policy, handler, places) => {
    const { inbox, outbox, commit } = await setUp(handler);
    await commit(1, 2);
    const seed = { subject, lastVersion: 2, lastEventId: 'unknown', joinedAt: AT };
    expect(await seedHead(inbox, seed)).toBe(true);
    await commit(3, 4);
    const first = await deliver(handler, outbox.events(), { outbox, reorder: true, duplicate: true });
    expect(first.deadLetters).toEqual([]);
    await commit(5);
    // What lies before stays so however far the consumer is.
    const { completed, deadLetters } = await deliver(handler, outbox.events(), { outbox, reorder: true });
    expect(completed.map(({ effect }) => effect['place'])).toEqual(places);
    expect(deadLetters).toEqual([]);
  });

  it('keeps what it has done of an aggregate by itself', async () => {
    const { inbox, outbox, commit } = await setUp(journal);
    await commit(1);
    await deliver(journal, outbox.events(), { outbox });
    expect(await seedHead(inbox, { subject, lastVersion: 2, lastEventId: 'e', joinedAt: AT })).toBe(false);
    await commit(2);
    const { completed } = await deliver(journal, outbox.events(), { outbox });
    expect(completed).toHaveLength(2);
  });

  it('goes on with what it had begun of the time before', async () => {
    let fails = true;
    const labels = consumer({
      name: 'labels',
      policy: 'once',
      on: parcel,
      complete: ({ data }) => (fails ? Promise.reject(new Error('no')) : { record: data }),
    });
    const { inbox, outbox, commit } = await setUp(labels);
    await commit(1, 2, 3);
    const old = { time: '2020-01-01T00:00:00.000Z' };
    const [begun, other, recent] = outbox.events().map((event, index) => (index < 2 ? { ...event, ...old } : event));
    if (!begun || !other || !recent) throw new Error('three events were committed');
    expect((await deliver(labels, [begun], { outbox })).deadLetters).toMatchObject([{ reason: 'attempts' }]);
    await writeStart(inbox, 'parcels', { from: 'now', at: '2021-01-01T00:00:00.000Z', by: 'me' });
    fails = false;
    // With the recent one, the old ones come years after their commit, as a repair brings them.
    const { completed } = await deliver(labels, [begun, other, recent], { outbox });
    expect(completed.map(({ eventId }) => eventId).sort()).toEqual([begun.id, recent.id].sort());
  });
});

async function setUp(handler: Consumer) {
  const outbox = createMemoryOutbox({ source: 'parcels' });
  // The first delivery makes the consumer's table.
  await deliver(handler, [], { outbox });
  const commit = async (...sequences: readonly number[]): Promise<void> => {
    for (const sequence of sequences) {
      const events = [parcel.Moved({ place: `p-${sequence}` })];
      await outbox.commit({ aggregate: parcel, id: 'p-1', after: sequence - 1, events });
    }
  };
  return { outbox, commit, inbox: { dynamodb: outbox.memory.client, tableName: `${handler.definition.name}-inbox` } };
}
