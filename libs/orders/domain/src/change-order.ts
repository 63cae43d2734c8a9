import { decimalsOf } from './currency';
import { MAX_VERSION, type ChangeOrder, type Order, type OrderStatus, type Violation } from './order';
import { priceItems } from './price-items';
import { nextStatuses } from './transitions';

/** What became of a change. */
export type ChangedOrder =
  /** `changed` names the fields that have another value now; `updatedAt` and `version` go without saying. */
  | { readonly kind: 'changed'; readonly order: Order; readonly changed: readonly (keyof Order)[] }
  | {
      readonly kind: 'illegal-transition';
      readonly from: OrderStatus;
      readonly to: OrderStatus;
      readonly allowed: readonly OrderStatus[];
    }
  | { readonly kind: 'items-fixed'; readonly status: OrderStatus }
  | { readonly kind: 'too-many-changes' }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

/** The order after `change`, one version on. Items may change while the order is PLACED only. `at` is ISO-8601. */
export function changeOrder(order: Order, change: ChangeOrder, at: string): ChangedOrder {
  if (order.version >= MAX_VERSION) return { kind: 'too-many-changes' };
  const { status, items } = change;
  if (items && order.status !== 'PLACED') return { kind: 'items-fixed', status: order.status };
  if (status && !nextStatuses(order.status).includes(status)) {
    return { kind: 'illegal-transition', from: order.status, to: status, allowed: nextStatuses(order.status) };
  }
  const priced = items ? priceItems(items, decimalsOf(order.currency) ?? 0) : undefined;
  if (priced?.kind === 'invalid') return priced;
  const fields = {
    ...(status ? { status } : {}),
    ...(priced ? { items: priced.items, total: priced.total } : {}),
  };
  return {
    kind: 'changed',
    changed: changedFields(order, fields),
    order: { ...order, ...fields, version: order.version + 1, updatedAt: at },
  };
}

function changedFields(before: Order, fields: Partial<Order>): (keyof Order)[] {
  return (['status', 'items', 'total'] as const).filter(
    (name) => fields[name] !== undefined && JSON.stringify(fields[name]) !== JSON.stringify(before[name]),
  );
}
