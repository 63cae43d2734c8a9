import type { AcceptedOrder } from './accepted-order';
import type { FindingKind } from './finding';
import { judgeOrder, type OrderFacts } from './judge-order';
import { effect, orderAt, outboxEvent, outboxHead } from './testing/rows';

const { changed: _, ...confirmed } = orderAt(2);
const accepted: AcceptedOrder = {
  orderId: 'o',
  customerId: 'c',
  isShippable: true,
  told: {
    kind: 'answers',
    answers: new Map([
      [1, orderAt(1)],
      [2, confirmed],
    ]),
  },
  findings: [],
};
const facts: OrderFacts = {
  row: { orderId: 'o', version: 2, status: 'CONFIRMED' },
  order: {
    aggregateType: 'order',
    id: 'o',
    outbox: [outboxHead(2), outboxEvent({ version: 1 }), outboxEvent({ version: 2 })],
    consumers: [
      {
        promise: { name: 'notifications', policy: 'once' },
        rows: [1, 2].map((n) => effect(n, { 'effect.messageId': `m-${n}`, 'effect.message': 'x' })),
      },
    ],
  },
  shipment: {
    aggregateType: 'shipment',
    id: 'o',
    outbox: [
      outboxHead(1),
      outboxEvent(
        { version: 1, id: 's-1', type: 'ShipmentBooked', causationId: 'e-1', data: { bookingId: 'b' } },
        {},
        'shipment',
      ),
    ],
    consumers: [],
  },
  outside: {
    bookings: [{ bookingId: 'b', key: 'k', reference: 'o', bookedAt: '1', keyRememberedUntil: '2' }],
    refusals: [],
    messages: [1, 2].map((n) => ({ messageId: `m-${n}`, key: `m-${n}`, to: 'c', text: 'x', sentAt: String(n) })),
  },
};

describe('judgeOrder', () => {
  it('finds nothing where everybody did what is promised', () => {
    expect(judgeOrder(accepted, facts)).toEqual([]);
  });

  it('asks for no shipment and no mail where no partners stand beside the stack', () => {
    expect(judgeOrder(accepted, { ...facts, shipment: { ...facts.shipment, outbox: [] }, outside: undefined })).toEqual(
      [],
    );
  });

  it.each<[string, FindingKind, Partial<OrderFacts>]>([
    ['an order that is gone', 'lost', { row: undefined }],
    ['an order that is not where its head is', 'lost', { row: { orderId: 'o', version: 3, status: 'CONFIRMED' } }],
    ['an order that is not as its event says', 'lost', { row: { orderId: 'o', version: 2, status: 'PLACED' } }],
    ['a shipment that was never booked', 'lost', { shipment: { ...facts.shipment, outbox: [] } }],
    [
      'an event of the shipment that was never published',
      'stuck',
      {
        shipment: {
          ...facts.shipment,
          outbox: facts.shipment.outbox.map((row) => ({ ...row, unpublishedShard: 's1' })),
        },
      },
    ],
    ['mails that were never sent', 'lost', { outside: { bookings: [], refusals: [], ...facts.outside, messages: [] } }],
  ])('finds %s', (_what, kind, more) => {
    expect(new Set(judgeOrder(accepted, { ...facts, ...more }).map((finding) => finding.kind))).toEqual(
      new Set([kind]),
    );
  });

  it('passes on what the client complained about', () => {
    const complaint = { kind: 'wrong-answer', subject: 'o', detail: 'x' } as const;
    expect(judgeOrder({ ...accepted, findings: [complaint] }, facts)).toEqual([complaint]);
  });
});
