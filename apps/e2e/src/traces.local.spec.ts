import { randomBytes, randomUUID } from 'node:crypto';
import { eventually } from '@outbox/testing';
import { cloud } from './support/local-cloud';
import { newOrder, request, trace } from './support/orders';
import { readStack } from './support/stack';

const stack = readStack();

/** What each function has to do with an order that is placed, shipped and confirmed, once per event that it gets. */
const EXPECTED = [
  'orders-api: POST /orders',
  'orders-api: commit order',
  ...['OrderCreated', 'ShipmentBooked', 'OrderUpdated'].flatMap((type) => [
    `outbox-acknowledger: relay ${type}`,
    `outbox-acknowledger: publish ${type}`,
    `outbox-acknowledger: queue wait ${type}`,
    `outbox-acknowledger: acknowledge ${type}`,
  ]),
  ...consumed('fulfilment', 'OrderCreated', ['call', 'complete']),
  ...consumed('order-progress', 'ShipmentBooked', ['complete']),
  ...consumed('order-progress', 'OrderUpdated', ['complete']),
  ...['OrderCreated', 'OrderUpdated'].flatMap((type) => [
    ...consumed('notifications', type, ['call', 'complete']),
    ...consumed('order-view', type, ['complete']),
  ]),
];

describe('one request', () => {
  it('is one trace over order, shipment, booking and mails, every span a part of another', async () => {
    const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const headers = { 'idempotency-key': randomUUID(), traceparent: `00-${traceId}-${spanId}-01` };
    const { status, body } = await request(stack, 'POST', '/orders', newOrder(), headers);
    expect(status).toBe(201);
    const orderId = String(body['orderId']);

    const spans = await eventually(
      async () => {
        const found = await cloud.spans(traceId);
        // What is delivered twice has its spans twice, and `latest` leaves out an event that it has seen the next of.
        const names = new Set(found.map(nameOf));
        expect([...names].sort()).toEqual(expect.arrayContaining(EXPECTED.filter(isCertain)));
        return found;
      },
      { timeoutMs: 60_000 },
    );
    const strangers = spans.map(nameOf).filter((name) => !EXPECTED.includes(name));
    expect(strangers).toEqual([]);
    const known = new Set([spanId, ...spans.map((span) => span.spanId)]);
    expect(spans.filter(({ parentSpanId = '' }) => !known.has(parentSpanId))).toEqual([]);

    // The outside world is told which call it answers.
    const calls = new Set(spans.filter(({ name }) => name === 'call').map((span) => `00-${traceId}-${span.spanId}-01`));
    const { bookings, messages } = await partnersLog();
    const told = [
      ...bookings.filter(({ reference }) => reference === orderId),
      ...messages.filter(({ subject }) => subject.includes(orderId)),
    ];
    expect(told).toHaveLength(3);
    expect(told.filter(({ traceparent = '' }) => !calls.has(traceparent))).toEqual([]);

    const traced = [...trace(orderId).events, ...trace(orderId, 30, 'shipment').events];
    expect(traced.map((event) => event.traceId)).toEqual([traceId, traceId, traceId]);
  });
});

function consumed(service: string, type: string, parts: readonly string[]): readonly string[] {
  return ['queue wait', 'process', ...parts].map((name) => `${service}: ${name} ${type}`);
}

/** order-view may have seen the next version first: then the older one has no effect. */
function isCertain(name: string): boolean {
  return name !== 'order-view: complete OrderCreated';
}

function nameOf({ service, name, attributes }: Awaited<ReturnType<typeof cloud.spans>>[number]): string {
  const type = attributes['outbox.event.type'];
  return `${service}: ${name}${typeof type === 'string' && !name.endsWith(type) ? ` ${type}` : ''}`;
}

interface Told {
  readonly traceparent?: string;
}

async function partnersLog() {
  const answer = await fetch(`http://127.0.0.1:${process.env['PARTNERS_PORT']}/_log`);
  return (await answer.json()) as {
    readonly bookings: readonly (Told & { readonly reference: string })[];
    readonly messages: readonly (Told & { readonly subject: string })[];
  };
}
