import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createFakeClock, createSeededIds, eventually, type FakeClock } from '@outbox/testing';
import { booking, mail, RunningPartners } from './testing/running-partners';

let clock: FakeClock;
let partners: RunningPartners;
beforeEach(async () => {
  clock = createFakeClock();
  partners = new RunningPartners(clock, createSeededIds());
  await partners.start();
});
afterEach(() => partners.stop());

describe('the carrier', () => {
  it('books once per key, finds a booking by its key, and cancels it as often as it is asked', async () => {
    expect((await partners.send('GET', '/carrier/bookings?key=k-1')).status).toBe(404);
    const first = await partners.book('k-1');
    const second = await partners.book('k-1');
    const { bookingId } = first.body;

    expect(first).toMatchObject({ status: 201, body: { bookingId: expect.stringMatching(/^booking-/) } });
    expect(second).toMatchObject({ status: 200, body: { bookingId } });
    expect(await partners.send('GET', '/carrier/bookings?key=k-1')).toMatchObject({
      status: 200,
      body: { bookingId, reference: 'o-1', status: 'BOOKED' },
    });
    for (let time = 1; time <= 2; time += 1) {
      expect((await partners.send('DELETE', `/carrier/bookings/${bookingId}`)).status).toBe(204);
    }
    expect((await partners.send('GET', '/carrier/bookings?key=k-1')).body).toMatchObject({ status: 'CANCELLED' });
    expect((await partners.send('DELETE', '/carrier/bookings/booking-0')).status).toBe(404);
    expect((await partners.log()).bookings).toEqual([
      {
        bookingId,
        key: 'k-1',
        ...booking,
        bookedAt: '2026-01-01T00:00:00.000Z',
        cancelledAt: '2026-01-01T00:00:00.000Z',
        keyRememberedUntil: '2026-01-02T00:00:00.000Z',
        requests: 2,
      },
    ]);
  });

  it('notes the trace that a request was a part of', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await partners.send('POST', '/carrier/bookings', booking, 'k-1', undefined, traceparent);
    await partners.send('POST', '/mail/messages', mail, 'm-1', undefined, traceparent);
    const { bookings, messages } = await partners.log();
    expect([...bookings, ...messages].map((entry) => entry.traceparent)).toEqual([traceparent, traceparent]);
  });

  it('refuses what it can’t carry, with the reason', async () => {
    const parcels = [{ sku: 'sku-1' }, { sku: 'unshippable-lion' }];
    const { status, body } = await partners.book('k-1', { reference: 'o-1', parcels } as typeof booking);

    expect({ status, body }).toEqual({
      status: 422,
      body: { reason: "unshippable-lion can't be carried", field: 'parcels[1].sku' },
    });
    expect(await partners.log()).toMatchObject({ bookings: [], refusals: [{ key: 'k-1', reference: 'o-1' }] });
  });

  it('books again under a key that it has forgotten, and the log shows it', async () => {
    await partners.setFaults({ keyMemoryMs: 1_000 });
    const first = await partners.book('k-1');
    clock.advance(999);
    expect((await partners.book('k-1')).status).toBe(200);
    clock.advance(1);
    const again = await partners.book('k-1');

    expect(again.status).toBe(201);
    expect(again.body['bookingId']).not.toBe(first.body['bookingId']);
    const { bookings } = await partners.log();
    expect(bookings.map(({ key, bookedAt, keyRememberedUntil }) => [key, bookedAt, keyRememberedUntil])).toEqual([
      ['k-1', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'],
      ['k-1', '2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z'],
    ]);
    // A booking is found by its key for ever.
    clock.advance(60_000);
    expect((await partners.send('GET', '/carrier/bookings?key=k-1')).body).toMatchObject(again.body);
  });
});

describe('the mail provider', () => {
  it('sends once per key', async () => {
    const first = await partners.mail('m-1');
    const { messageId } = first.body;

    expect(first).toMatchObject({ status: 202, body: { messageId: expect.stringMatching(/^message-/) } });
    expect(await partners.mail('m-1')).toMatchObject({ status: 202, body: { messageId } });
    expect((await partners.log()).messages).toMatchObject([{ messageId, key: 'm-1', ...mail, requests: 2 }]);
  });
});

describe('a request that makes no sense', () => {
  const post = '/carrier/bookings';

  it.each<[string, string, string, unknown, string | undefined, number, string]>([
    ['a booking without a key', 'POST', post, booking, undefined, 400, 'Idempotency-Key'],
    ['a key that is too long', 'POST', post, booking, 'k'.repeat(256), 400, 'Idempotency-Key'],
    ['no JSON', 'POST', post, '{', 'k', 400, 'body'],
    ['no object', 'POST', post, [], 'k', 400, 'body'],
    ['too much', 'POST', post, 'x'.repeat(262_145), 'k', 413, 'body'],
    ['no reference', 'POST', post, { parcels: booking.parcels }, 'k', 400, 'reference'],
    ['no parcel', 'POST', post, { reference: 'o', parcels: [] }, 'k', 400, 'parcels'],
    ['a parcel that is none', 'POST', post, { reference: 'o', parcels: [1] }, 'k', 400, 'parcels[0]'],
    ['no sku', 'POST', post, { reference: 'o', parcels: [{ sku: 1 }] }, 'k', 400, 'parcels[0].sku'],
    [
      'half a parcel',
      'POST',
      post,
      { reference: 'o', parcels: [{ sku: 's', quantity: 0.5 }] },
      'k',
      400,
      'parcels[0].quantity',
    ],
    ['no key to find by', 'GET', post, undefined, undefined, 400, 'key'],
    ['a mail to nobody', 'POST', '/mail/messages', { ...mail, to: '' }, 'k', 400, 'to'],
    ['a mail without a subject', 'POST', '/mail/messages', { to: 'a', text: 'b' }, 'k', 400, 'subject'],
    ['a mail without a text', 'POST', '/mail/messages', { to: 'a', subject: 'b', text: 1 }, 'k', 400, 'text'],
    ['a time that is none', 'GET', '/_log?since=today', undefined, undefined, 400, 'since'],
    ['an unknown fault', 'PUT', '/_faults', { mail: { flood: 1 } }, undefined, 400, 'mail.flood'],
    ['an unknown setting', 'PUT', '/_faults', { flood: 1 }, undefined, 400, 'flood'],
    ['a rate over 1', 'PUT', '/_faults', { mail: { slow: 1.1 } }, undefined, 400, 'mail.slow'],
    ['rates that sum to more', 'PUT', '/_faults', { mail: { slow: 0.6, throttle: 0.5 } }, undefined, 400, 'mail'],
    ['rates that are none', 'PUT', '/_faults', { carrier: 1 }, undefined, 400, 'carrier'],
    ['half a seed', 'PUT', '/_faults', { seed: 0.5 }, undefined, 400, 'seed'],
    ['another body under the same key', 'POST', post, { ...booking, reference: 'o-2' }, 'used', 409, 'Idempotency-Key'],
  ])('%s is refused by the name of its field', async (_, method, path, body, key, status, field) => {
    await partners.book('used');
    const reply = await partners.send(method, path, body, key);

    expect(reply).toMatchObject({ status, body: { error: { field } } });
    expect((await partners.log()).bookings).toHaveLength(1);
  });

  it('is told of another body under a key by the log too', async () => {
    await partners.book('k-1');
    await partners.book('k-1', { ...booking, reference: 'o-2' });
    await partners.mail('m-1');
    await partners.mail('m-1', { ...mail, to: 'somebody-else' });

    expect((await partners.log()).conflicts).toMatchObject([
      { partner: 'carrier', key: 'k-1' },
      { partner: 'mail', key: 'm-1' },
    ]);
  });

  it('is told what a path takes, and where there is nothing', async () => {
    const wrong = await partners.send('PUT', '/carrier/bookings');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, GET']);
    for (const path of ['/', '/carrier/bookings/', '/carrier/bookings/a/b']) {
      expect((await partners.send('DELETE', path)).status).toBe(404);
    }
  });
});

describe('what goes wrong on purpose', () => {
  it('is a 429 that says when to come again, or a 500; nothing is done', async () => {
    await partners.setFaults({ carrier: { throttle: 1 }, mail: { 'server-error': 1 }, retryAfterSeconds: 3 });
    const throttled = await partners.book('k-1');

    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await partners.mail('m-1')).status).toBe(500);
    expect(await partners.log()).toMatchObject({ bookings: [], messages: [] });
  });

  it('is an answer that gets lost: the work is done', async () => {
    await partners.setFaults({ carrier: { 'lost-answer': 1 } });
    await expect(partners.book('k-1')).rejects.toThrow('fetch failed');
    await partners.setFaults({});
    const [booked] = (await partners.log()).bookings;

    expect((await partners.book('k-1')).body).toEqual({ bookingId: booked?.bookingId });
  });

  it('is work that takes longer than its caller waits, and is done all the same', async () => {
    const started = Promise.withResolvers<number>();
    const over = Promise.withResolvers<void>();
    const wait = (ms: number): Promise<void> => (started.resolve(ms), over.promise);
    const slow = new RunningPartners(clock, createSeededIds(), { wait });
    await slow.start();
    try {
      await slow.setFaults({ carrier: { slow: 1 }, slowMs: 200 });
      const caller = new AbortController();
      const booked = slow.book('k-1', booking, caller.signal);
      expect(await started.promise).toBe(200);
      caller.abort();

      await expect(booked).rejects.toThrow('aborted');
      expect((await slow.log()).bookings).toEqual([]);
      over.resolve();
      await eventually(async () => expect((await slow.log()).bookings).toHaveLength(1));
    } finally {
      await slow.stop();
    }
  });

  it('ends with the partners, however slow it is', async () => {
    await partners.setFaults({ carrier: { slow: 1 }, slowMs: 3_600_000 });
    const lost = expect(partners.book('k-1')).rejects.toThrow('fetch failed');
    await eventually(async () =>
      expect((await partners.send('GET', '/_faults')).body).toMatchObject({ counts: { carrier: { slow: 1 } } }),
    );
    await partners.restart();
    await lost;

    expect((await partners.log()).bookings).toEqual([]);
  });

  it('is the same for a key and a seed, whatever others do in between', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k-${index}`);
    const outcomes = async (seed: number, order: readonly string[]): Promise<Readonly<Record<string, number>>> => {
      const other = new RunningPartners(clock, createSeededIds());
      await other.start();
      await other.setFaults({ seed, carrier: { throttle: 0.3, 'server-error': 0.3 } });
      const statuses: Record<string, number> = {};
      for (const key of order) statuses[key] = (await other.book(key)).status;
      await other.stop();
      return statuses;
    };
    const first = await outcomes(7, keys);

    expect(await outcomes(7, keys.toReversed())).toEqual(first);
    expect(await outcomes(8, keys)).not.toEqual(first);
    expect(new Set(Object.values(first))).toEqual(new Set([201, 429, 500]));
  });
});

describe('what the partners remember', () => {
  it('is told from a time on', async () => {
    await partners.book('k-1');
    await partners.mail('m-1');
    clock.advance(1_000);
    await partners.book('k-2', { ...booking, reference: 'o-2' });

    const log = await partners.log('2026-01-01T00:00:01Z');
    expect(log).toMatchObject({ now: '2026-01-01T00:00:01.000Z', bookings: [{ key: 'k-2' }], messages: [] });
  });

  it('outlives them, faults and counts too; a line that a kill cut off does not', async () => {
    await partners.setFaults({ seed: 3, mail: { 'server-error': 1 } });
    await partners.book('k-1');
    await partners.mail('m-1');
    const before = [await partners.log(), (await partners.send('GET', '/_faults')).body];
    appendFileSync(partners.journal, '{"at":"2026-01-01T00:00:00.000Z","type":"sen');
    await partners.restart();

    expect([await partners.log(), (await partners.send('GET', '/_faults')).body]).toEqual(before);
    await partners.book('k-2');
    await partners.restart();
    expect((await partners.log()).bookings.map(({ key }) => key)).toEqual(['k-1', 'k-2']);
  });

  it('is refused by file and line when it can’t be read', async () => {
    const { journal } = partners;
    await partners.book('k-1');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, `${text.slice(0, -5)}\n`);

    await expect(partners.restart()).rejects.toThrow(`${journal}:2 is no JSON: remove the file`);
    writeFileSync(journal, text);
    await partners.start();
  });
});
