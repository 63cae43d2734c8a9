import { parsePlaceOrder, placeOrder, type PlaceOrder } from '@outbox/orders-domain';
import { order } from '@outbox/orders-events';
import { MAX_BODY_BYTES } from '@outbox/outbox-commands';
import { append } from '@outbox/outbox-rules';
import { busEnvelope } from '@outbox/testing';
import * as fc from 'fast-check';

/** What the provider lets a queue take, in bytes. */
const QUEUE_BYTES = 262_144;

/** As long as an id may be, of characters that grow when a hop escapes them. */
const hostileId = fc.constantFrom('"', '\\', '/', '<', 'ß', '語', '\u2028', '\u{1f4a9}').map(longest);
const item = fc.record({
  sku: hostileId,
  quantity: fc.constantFrom(1, 1_000_000),
  unitPrice: fc.constantFrom('0', '1.23', '999.99'),
});
const body: fc.Arbitrary<PlaceOrder> = fc.record({
  customerId: hostileId,
  currency: fc.constant('EUR'),
  items: fc.array(item, { minLength: 1, maxLength: 500, size: 'max' }),
});
const context = {
  correlationId: 'c'.repeat(64),
  owner: 'f'.repeat(64),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe('every accepted order', () => {
  it('fits the outbox, and its message every queue, even with all that is not ASCII escaped on the way', () => {
    fc.assert(
      fc.property(body, (request) => {
        fc.pre(Buffer.byteLength(JSON.stringify(request)) <= MAX_BODY_BYTES);
        for (const detail of committed(request)) {
          const relayed = { ...(JSON.parse(detail) as object), relayedat: '2026-01-01T00:00:00.000Z' };
          expect(Buffer.byteLength(escaped(busEnvelope(relayed)))).toBeLessThan(QUEUE_BYTES);
        }
      }),
      { numRuns: 50, examples: ['ß', '"', '語'].map((unit): [PlaceOrder] => [largest(unit)]) },
    );
  });
});

/** Both events of a valid request as they lie in the outbox. */
function committed(request: PlaceOrder): string[] {
  const parsed = parsePlaceOrder(request);
  if (parsed.kind !== 'valid') throw new Error(JSON.stringify(parsed.violations.slice(0, 3)));
  const placed = placeOrder(parsed.value, '01980000-0000-8000-8000-000000000000', '2026-01-01T00:00:00.000Z');
  if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed.violations.slice(0, 3)));
  const changed = ['status', 'items', 'total'];
  const events = [order.Created(placed.order), order.Updated({ ...placed.order, changed })];
  const appended = append(
    { aggregate: order, id: placed.order.orderId, after: 0, events },
    context,
    { now: Date.UTC(2026, 0, 1), eventId: () => '01980000-0000-7000-8000-000000000000' },
    { source: 'orders', thresholdMs: 60_000 },
  );
  if (appended.kind !== 'appended') throw new Error(`the outbox refuses it: ${appended.detail}`);
  return appended.items.map(({ detail }) => detail);
}

/** As many items with the longest ids as a body has room for. */
function largest(unit: string): PlaceOrder {
  const line = { sku: longest(unit), quantity: 1_000_000, unitPrice: '999.99' };
  const room = Math.floor((MAX_BODY_BYTES - 500) / (Buffer.byteLength(JSON.stringify(line)) + 1));
  const items = Array.from({ length: Math.min(500, room) }, () => line);
  return { customerId: longest(unit), currency: 'EUR', items };
}

function longest(unit: string): string {
  return unit.repeat(Math.floor(64 / Buffer.byteLength(unit)));
}

function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
