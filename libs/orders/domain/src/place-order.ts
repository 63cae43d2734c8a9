import { decimalsOf } from './currency';
import type { Order, PlaceOrder, Violation } from './order';
import { priceItems } from './price-items';

export type PlacedOrder =
  | { readonly kind: 'placed'; readonly order: Order }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

/** A new order of `request`, version 1. `at` is ISO-8601; the total is computed here, in minor units. */
export function placeOrder(request: PlaceOrder, orderId: string, at: string): PlacedOrder {
  const decimals = decimalsOf(request.currency);
  if (decimals === undefined) {
    const detail = 'must be an active ISO 4217 currency code, such as EUR';
    return { kind: 'invalid', violations: [{ pointer: '/currency', detail }] };
  }
  const priced = priceItems(request.items, decimals);
  if (priced.kind === 'invalid') return priced;
  return {
    kind: 'placed',
    order: {
      orderId,
      customerId: request.customerId,
      status: 'PLACED',
      currency: request.currency,
      items: priced.items,
      total: priced.total,
      version: 1,
      placedAt: at,
      updatedAt: at,
    },
  };
}
