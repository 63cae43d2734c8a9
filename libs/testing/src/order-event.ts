import { eventOf } from './event-of';

/** An event of order `o-1` as a consumer finds it under `detail`; `data` is merged over the order's defaults. */
export function orderEvent(version: number, change: { type?: string; dataschema?: string; data?: object } = {}) {
  const type = change.type ?? (version === 1 ? 'OrderCreated' : 'OrderUpdated');
  const draft = {
    aggregatetype: 'order',
    type,
    dataschema: change.dataschema ?? `urn:outbox:event:${type}:v1`,
    data: {
      orderId: 'o-1',
      customerId: 'c-1',
      status: 'PLACED',
      currency: 'EUR',
      items: [
        { sku: 'a', quantity: 2, unitPrice: '5.00' },
        { sku: 'b', quantity: 1, unitPrice: '2.50' },
      ],
      total: '12.50',
      version,
      placedAt: '2026-01-01T11:00:00.000Z',
      updatedAt: '2026-01-01T11:59:58.000Z',
      ...(version === 1 ? {} : { changed: ['status'] }),
      ...change.data,
    },
  };
  return eventOf(draft, { subject: 'o-1', sequence: version });
}
