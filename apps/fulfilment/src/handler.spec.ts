import { shipment } from '@outbox/orders-events';
import { consumerLab, eventOf, orderEvent } from '@outbox/testing';
import { handler } from './handler';

const requested = eventOf(shipment.CancellationRequested({ orderId: 'o-1', bookingId: 'b-1' }), {
  subject: 'o-1',
  sequence: 2,
});

afterEach(() => {
  delete process.env['CARRIER_URL'];
  jest.restoreAllMocks();
});

describe('fulfilment', () => {
  it('books a created order with the carrier, under one key, and says so', async () => {
    const { deliver, requests, emitted, written } = setUp({ 'POST /carrier/bookings': [201, { bookingId: 'b-1' }] });
    expect(await deliver(orderEvent(1))).toEqual([]);
    expect(requests).toEqual([
      {
        line: 'POST /carrier/bookings',
        key: expect.stringMatching(/^[0-9a-f-]{36}$/),
        body: {
          reference: 'o-1',
          parcels: [
            { sku: 'a', quantity: 2 },
            { sku: 'b', quantity: 1 },
          ],
        },
      },
    ]);
    expect(emitted()).toEqual([['shipment', 'o-1', 0, [shipment.Booked({ orderId: 'o-1', bookingId: 'b-1' })]]]);
    expect(written()).toMatchObject([{ effect: { M: { bookingId: { S: 'b-1' } } } }]);
  });

  it('passes on why the carrier refuses', async () => {
    const { deliver, emitted } = setUp({ 'POST /carrier/bookings': [422, { reason: 'too heavy', field: 'x' }] });
    expect(await deliver(orderEvent(1))).toEqual([]);
    expect(emitted()).toEqual([['shipment', 'o-1', 0, [shipment.Refused({ orderId: 'o-1', reason: 'too heavy' })]]]);
  });

  it('tries again in seconds when the carrier fails, and then looks first', async () => {
    const replies: Replies = { 'POST /carrier/bookings': [503, {}] };
    const { deliver, requests, emitted, sent } = setUp(replies);
    expect(await deliver(orderEvent(1))).toEqual(['m']);
    expect(sent.at(-1)).toEqual({ QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 2 });
    const key = requests[0]?.key ?? '';
    replies[`GET /carrier/bookings?key=${key}`] = [200, { bookingId: 'b-9', status: 'BOOKED' }];
    expect(await deliver(orderEvent(1), 2)).toEqual([]);
    expect(requests.map(({ line }) => line)).toEqual(['POST /carrier/bookings', `GET /carrier/bookings?key=${key}`]);
    expect(emitted()).toEqual([['shipment', 'o-1', 0, [shipment.Booked({ orderId: 'o-1', bookingId: 'b-9' })]]]);
  });

  it('cancels a booking when that is asked for', async () => {
    const { deliver, requests, emitted } = setUp({ 'DELETE /carrier/bookings/b-1': [204, undefined] });
    expect(await deliver(requested)).toEqual([]);
    expect(requests.map(({ line }) => line)).toEqual(['DELETE /carrier/bookings/b-1']);
    expect(emitted()).toEqual([['shipment', 'o-1', 2, [shipment.Cancelled({ orderId: 'o-1', bookingId: 'b-1' })]]]);
  });

  it('only records what it would have sent where there is no carrier', async () => {
    const { deliver, requests, emitted, written } = setUp({});
    delete process.env['CARRIER_URL'];
    expect(await deliver(orderEvent(1))).toEqual([]);
    expect([requests, emitted()]).toEqual([[], []]);
    expect(written()).toMatchObject([
      {
        pk: { S: 'orders#order#o-1' },
        sk: { S: 'EFFECT#0000000001' },
        effect: { M: { unsent: { M: { reference: { S: 'o-1' } } } } },
      },
    ]);
  });

  it('has nothing to do for another event, were the rule to let it through', async () => {
    const { deliver, requests, emitted } = setUp({});
    expect(await deliver(orderEvent(2))).toEqual([]);
    expect([requests, emitted()]).toEqual([[], []]);
  });
});

type Replies = Record<string, readonly [status: number, body: unknown]>;

/** A carrier that returns what is given for a request's line, and a table that knows what is pending. */
function setUp(replies: Replies) {
  process.env['CARRIER_URL'] = 'http://carrier.test/';
  const requests: { line: string; key: string | null; body?: unknown }[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const url = new URL(input as string);
    const line = `${init?.method ?? ''} ${url.pathname}${url.search}`;
    const body = typeof init?.body === 'string' ? { body: JSON.parse(init.body) as unknown } : {};
    requests.push({ line, key: new Headers(init?.headers).get('idempotency-key'), ...body });
    const [status, reply] = replies[line] ?? [404, {}];
    return Promise.resolve(new Response(reply === undefined ? null : JSON.stringify(reply), { status }));
  });
  let pending: unknown;
  const answer = (input: unknown) => {
    const values = (input as { ExpressionAttributeValues?: Record<string, unknown> }).ExpressionAttributeValues;
    pending = values?.[':pending'] ?? pending;
    return { Item: pending === undefined ? undefined : { pending } };
  };
  return { requests, ...consumerLab(handler, answer) };
}
