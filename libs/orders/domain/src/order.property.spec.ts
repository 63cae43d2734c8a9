import { order as orderEvents, ORDER_STATUSES } from '@outbox/orders-events';
import { draftProblem } from '@outbox/outbox-envelope';
import * as fc from 'fast-check';
import { changeOrder } from './change-order';
import type { ChangeOrder, Order, OrderStatus } from './order';
import { placeOrder } from './place-order';
import { nextStatuses } from './transitions';

const at = '2026-01-01T00:00:00.000Z';
const items = [{ sku: 'sku-1', quantity: 2, unitPrice: '19.99' }];
const change: fc.Arbitrary<ChangeOrder> = fc.oneof(
  fc.constantFrom(...ORDER_STATUSES).map((status) => ({ status })),
  fc.constant({ items: [{ sku: 'sku-2', quantity: 1, unitPrice: '5' }] }),
  fc.constantFrom(...ORDER_STATUSES).map((status) => ({ status, items })),
);

/** The whole table, said a second time by hand. */
const legal = new Set([
  'PLACED>CONFIRMED',
  'PLACED>CANCELLED',
  'CONFIRMED>SHIPPED',
  'CONFIRMED>CANCELLED',
  'SHIPPED>DELIVERED',
]);

describe('an order', () => {
  it('allows just the transitions of the state machine', () => {
    const allowed = ORDER_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from}>${to}`));
    expect(new Set(allowed)).toEqual(legal);
  });

  it('whatever is asked of it, moves by legal steps, one version each, and fixes its items once confirmed', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let order = placed();
        for (const request of changes) {
          const result = changeOrder(order, request, at);
          if (result.kind !== 'changed') continue;
          expect(result.order.version).toBe(order.version + 1);
          if (request.status) expect(legal).toContain(`${order.status}>${result.order.status}`);
          if (order.status !== 'PLACED') expect(result.order.items).toEqual(order.items);
          order = result.order;
        }
      }),
    );
  });

  it('names just the fields that have another value after the change', () => {
    const same = [{ sku: 'sku-1', quantity: 2, unitPrice: '19.99' }];
    const samePrice = [{ sku: 'sku-2', quantity: 2, unitPrice: '19.99' }];
    const changed = (request: ChangeOrder) => {
      const result = changeOrder(placed(), request, at);
      return result.kind === 'changed' && result.changed;
    };
    expect(changed({ status: 'CONFIRMED', items: same })).toEqual(['status']);
    expect(changed({ items: samePrice })).toEqual(['items']);
    expect(changed({ items: [...same, ...samePrice] })).toEqual(['items', 'total']);
  });

  it('says what it refuses', () => {
    const cancelled: Order = { ...placed(), status: 'CANCELLED' };
    expect(changeOrder(cancelled, { status: 'SHIPPED' }, at)).toEqual({
      kind: 'illegal-transition',
      from: 'CANCELLED',
      to: 'SHIPPED',
      allowed: [],
    });
    expect(changeOrder(cancelled, { items }, at)).toEqual({ kind: 'items-fixed', status: 'CANCELLED' });
    expect(changeOrder({ ...placed(), version: 10_000 }, { status: 'CONFIRMED' }, at)).toEqual({
      kind: 'too-many-changes',
    });
  });

  it('is, at each of its versions, what its events may carry', () => {
    const changed = changeOrder(placed(), { status: 'CONFIRMED' satisfies OrderStatus }, at);
    if (changed.kind !== 'changed') throw new Error('not changed');
    const drafts = [
      orderEvents.Created(placed()),
      orderEvents.Updated({ ...changed.order, changed: [...changed.changed] }),
    ];
    for (const draft of drafts) expect(draftProblem(orderEvents.eventTypes, draft)).toBeUndefined();
  });
});

function placed(): Order {
  const result = placeOrder({ customerId: 'c-1', currency: 'EUR', items }, 'o-1', at);
  if (result.kind !== 'placed') throw new Error('not placed');
  return result.order;
}
