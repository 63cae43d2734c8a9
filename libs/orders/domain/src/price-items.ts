import { formatAmount, parseAmount, totalOf } from './money';
import type { ItemRequest, OrderItem, Violation } from './order';

export type PricedItems =
  | { readonly kind: 'priced'; readonly items: OrderItem[]; readonly total: string }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

/** Prices with exactly the currency's decimals, and their total. */
export function priceItems(requests: readonly ItemRequest[], decimals: number): PricedItems {
  const violations: Violation[] = [];
  const lines = requests.map(({ sku, quantity, unitPrice }, index) => {
    const amount = parseAmount(unitPrice, decimals);
    if (amount.kind === 'invalid') violations.push({ pointer: `/items/${index}/unitPrice`, detail: amount.detail });
    return { sku, quantity, minor: amount.kind === 'amount' ? amount.minor : 0n };
  });
  if (violations.length > 0) return { kind: 'invalid', violations };
  const total = totalOf(lines);
  if (total === undefined)
    return { kind: 'invalid', violations: [{ pointer: '/items', detail: 'their total is too large' }] };
  return {
    kind: 'priced',
    items: lines.map(({ sku, quantity, minor }) => ({ sku, quantity, unitPrice: formatAmount(minor, decimals) })),
    total: formatAmount(total, decimals),
  };
}
