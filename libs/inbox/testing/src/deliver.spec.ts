import { consumer, reject, retryIn } from '@outbox/inbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createMemoryOutbox, type MemoryOutbox } from '@outbox/outbox-testing';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { deliver, NotSettledError } from './deliver';

const data = z.object({ place: z.string() });
const parcel = defineAggregate('parcel', { events: { Moved: { v1: data } } });
const bill = defineAggregate('bill', { events: { Sent: { v1: z.object({ bookingId: z.string() }) } } });
const PLACES = ['depot', 'train', 'door'];

const whereabouts = consumer({ name: 'whereabouts', policy: 'latest', on: parcel, effect: ({ data: moved }) => moved });
const journal = consumer({ name: 'journal', policy: 'in-order', on: parcel, effect: ({ data: moved }) => moved });

/** A provider that keeps keys, and the consumer that calls it, counts in a table of its own and emits a bill. */
function billing() {
  const bookings = new Map<string, string>();
  let calls = 0;
  const handler = consumer({
    name: 'billing',
    policy: 'once',
    on: parcel,
    callTimeout: '5s',
    call: (_event, { key }) => {
      calls += 1;
      const id = bookings.get(key) ?? `booking-${bookings.size + 1}`;
      bookings.set(key, id);
      return id;
    },
    complete: async (event, bookingId, { newId }) => ({
      record: { bookingId },
      write: [{ update: { table: 'counts', key: { id: 'bills' }, update: 'ADD amount :one', values: { ':one': 1 } } }],
      emit: [{ aggregate: bill, id: newId(), after: 0, events: [bill.Sent({ bookingId })] }],
    }),
  });
  return { handler, bookings, calls: () => calls };
}

/** An outbox with events of a parcel in it. */
async function movedParcel(places: readonly string[] = PLACES): Promise<MemoryOutbox> {
  const outbox = createMemoryOutbox({ source: 'parcels', tables: { counts: ['id'] } });
  for (const [after, place] of places.entries()) {
    await outbox.commit({ aggregate: parcel, id: 'p-1', after, events: [parcel.Moved({ place })] });
  }
  return outbox;
}

const chaos = fc.record({ duplicate: fc.boolean(), reorder: fc.boolean(), seed: fc.nat() });

describe('deliver', () => {
  it('brings each event to its consumer', async () => {
    const outbox = await movedParcel();
    const events = outbox.events();
    expect(await deliver(journal, events, { outbox })).toMatchObject({
      completed: events.map(({ id, data: effect }) => ({ eventId: id, effect })),
      emitted: [],
      deadLetters: [],
    });
  });

  it('goes on where it ended, with the same outbox', async () => {
    const outbox = await movedParcel();
    const [first, ...others] = outbox.events();
    if (!first) throw new Error('nothing was committed');
    await deliver(journal, [first], { outbox });
    const { completed } = await deliver(journal, others, { outbox });
    expect(completed.map(({ effect }) => effect['place'])).toEqual(PLACES);
  });

  it('finds an in-order consumer in order and a latest one at the newest, however the events come', async () => {
    await fc.assert(
      fc.asyncProperty(chaos, async (options) => {
        const outbox = await movedParcel();
        const events = outbox.events();
        const inOrder = await deliver(journal, events, { outbox, ...options });
        expect(inOrder.completed.map(({ effect }) => effect['place'])).toEqual(PLACES);
        const latest = await deliver(whereabouts, events, { outbox, ...options });
        expect(latest.completed.map(({ effect }) => effect['place'])).toEqual(['door']);
      }),
      { numRuns: 20 },
    );
  });

  it('lets the process die at every request, and finds each event completed once', async () => {
    const quiet = await movedParcel();
    const { requests } = await deliver(billing().handler, quiet.events(), { outbox: quiet });
    expect(requests).toBeGreaterThan(5);
    for (let request = 1; request <= requests; request += 1) {
      for (const crashAt of [request, { after: request }]) {
        const outbox = await movedParcel();
        const { handler, bookings, calls } = billing();
        const { completed, emitted } = await deliver(handler, outbox.events(), { outbox, crashAt, duplicate: true });
        const where = JSON.stringify(crashAt);
        expect([where, completed.length, emitted.length, bookings.size]).toEqual([where, 3, 3, 3]);
        expect(outbox.memory.items('counts')).toEqual([{ id: 'bills', amount: 3 }]);
        expect(calls()).toBeLessThanOrEqual(4);
      }
    }
  });

  it('lets the process die after a request that was refused, too', async () => {
    const outbox = await movedParcel(['depot']);
    const first = outbox.events();
    const once = consumer({ name: 'once', policy: 'once', on: parcel, effect: ({ data }) => data });
    // The copy's write finds the record there.
    const { requests } = await deliver(once, first, { outbox, duplicate: true });
    expect(requests).toBe(2);
    const again = await movedParcel(['depot']);
    const options = { outbox: again, duplicate: true, crashAt: { after: requests } };
    expect((await deliver(once, again.events(), options)).completed).toHaveLength(1);
  });

  it('calls again when the process dies between the call and what it writes', async () => {
    const outbox = await movedParcel(['depot']);
    const { handler, calls } = billing();
    // Claim, call, write: the second request comes after the call.
    await deliver(handler, outbox.events(), { outbox, crashAt: 2 });
    expect(calls()).toBe(2);
  });

  it('returns what was set aside, with the reason', async () => {
    const outbox = await movedParcel(['nowhere']);
    const events = outbox.events();
    const refusing = consumer({
      name: 'refusing',
      policy: 'once',
      on: parcel,
      complete: () => {
        throw reject('no such place');
      },
    });
    const { completed, deadLetters } = await deliver(refusing, events, { outbox });
    expect(completed).toEqual([]);
    expect(deadLetters).toEqual([{ event: events[0], reason: 'rejected', detail: 'no such place' }]);
  });

  it('brings what was set aside back as another message, as a redrive does', async () => {
    const outbox = await movedParcel(['depot']);
    let isMended = false;
    const mended = consumer({
      name: 'mended',
      policy: 'once',
      on: parcel,
      complete: () => {
        if (!isMended) throw reject('not yet');
        return {};
      },
    });
    expect((await deliver(mended, outbox.events(), { outbox })).deadLetters).toHaveLength(1);
    isMended = true;
    expect(await deliver(mended, outbox.events(), { outbox })).toMatchObject({ completed: [{}], deadLetters: [] });
  });

  it('takes many events', async () => {
    const outbox = await movedParcel(Array.from({ length: 600 }, (_, index) => `place ${index}`));
    const { completed } = await deliver(whereabouts, outbox.events(), { outbox });
    expect(completed.map(({ effect }) => effect['place'])).toEqual(['place 599']);
  });

  it('refuses a crash at a request that is never made', async () => {
    const outbox = await movedParcel();
    const run = deliver(journal, outbox.events(), { outbox, crashAt: { after: 99 } });
    await expect(run).rejects.toThrow(/^crashAt: \{"after":99\} is no request of this run, which made \d+$/);
  });

  it('sets aside with the reason what stays in the way', async () => {
    const outbox = await movedParcel(['depot', 'train']);
    const late = consumer({
      name: 'late',
      policy: 'in-order',
      on: parcel,
      complete: () => ({ emit: [{ aggregate: bill, id: 'b-1', after: 7, events: [bill.Sent({ bookingId: 'b' })] }] }),
    });
    const { completed, deadLetters } = await deliver(late, outbox.events(), {
      outbox,
      variables: { MAX_ATTEMPTS: '2' },
    });
    expect(completed).toEqual([]);
    expect(deadLetters[0]).toMatchObject({ reason: 'attempts', detail: expect.stringContaining('b-1') });
    expect(deadLetters.map(({ reason }) => reason)).toEqual(['attempts', 'held']);
  });

  it('sets aside what would emit a change without an event', async () => {
    const outbox = await movedParcel(['depot']);
    const silent = consumer({
      name: 'silent',
      policy: 'once',
      on: parcel,
      complete: () => ({ emit: [{ aggregate: bill, id: 'b-1', after: 0, events: [] }] }),
    });
    const { deadLetters } = await deliver(silent, outbox.events(), { outbox });
    expect(deadLetters).toMatchObject([{ reason: 'rejected', detail: expect.stringContaining('without an event') }]);
  });

  it('takes no time to wait, however long a message does', async () => {
    const outbox = await movedParcel(['depot']);
    let tries = 0;
    const patient = consumer({
      name: 'patient',
      policy: 'once',
      on: parcel,
      complete: () => {
        if ((tries += 1) < 3) throw retryIn('10m');
        return {};
      },
    });
    const { completed } = await deliver(patient, outbox.events(), { outbox });
    expect([tries, completed.length]).toEqual([3, 1]);
  });

  it('says which event is never settled', async () => {
    const outbox = await movedParcel(['depot']);
    const stubborn = consumer({
      name: 'stubborn',
      policy: 'once',
      on: parcel,
      complete: () => {
        throw retryIn('1s');
      },
    });
    const [event] = outbox.events();
    const run = deliver(stubborn, outbox.events(), { outbox, variables: { MAX_ATTEMPTS: '1000' } });
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotSettledError);
    expect(error).toMatchObject({
      message: `stubborn doesn't settle ${event?.id ?? ''} (received 500 times)`,
      cause: 'the consumer asks for a later attempt',
    });
  });
});
