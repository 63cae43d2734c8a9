import type { OrderEvent } from '@outbox/orders-events';

/** What the customer is told about a change of an order. */
export function customerMessage(event: OrderEvent): string {
  return `Order ${event.subject}: ${news(event)}`;
}

function news({ type, data }: OrderEvent): string {
  if (type === 'OrderCreated') return `we have received it (${contents(data)}).`;
  const parts = [
    ...(data.changed.includes('status') ? [STATUS_NEWS[data.status]] : []),
    ...(data.changed.includes('items') ? [`it now holds ${contents(data)}`] : []),
  ];
  return `${parts.join('; ') || 'it was updated'}.`;
}

const STATUS_NEWS: Readonly<Record<OrderEvent['data']['status'], string>> = {
  PLACED: 'it is placed',
  CONFIRMED: 'it is confirmed',
  SHIPPED: 'it is on its way',
  DELIVERED: 'it was delivered',
  CANCELLED: 'it was cancelled',
};

function contents({ items, total, currency }: OrderEvent['data']): string {
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return `${units} ${units === 1 ? 'item' : 'items'}, ${total} ${currency}`;
}
