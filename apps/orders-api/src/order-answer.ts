import { jsonResponse, type HttpAnswer } from '@outbox/function-kit';
import type { Order } from '@outbox/orders-domain';
import type { OrderRecord, OrderStore } from '@outbox/orders-store';
import { problems } from './problems';

/** Where an order can be read. */
export function locationOf(orderId: string): string {
  return `/orders/${orderId}`;
}

/** An order as the API shows it, with its version as ETag. */
export function orderAnswer(status: 200 | 201, order: Order): HttpAnswer {
  return jsonResponse(status, order, {
    etag: `"${order.version}"`,
    'cache-control': 'no-store',
    ...(status === 201 ? { location: locationOf(order.orderId) } : {}),
  });
}

/** The answer a request got when it made `version`, as far as retention still knows it. */
export async function replayedAnswer(
  store: OrderStore,
  status: 200 | 201,
  { order }: OrderRecord,
  version: number,
): Promise<HttpAnswer> {
  if (order.version === version) return orderAnswer(status, order);
  const event = await store.event(order.orderId, version);
  if (event === undefined) return { problem: problems.replayExpired(locationOf(order.orderId)) };
  const { changed: _changed, ...then } = event.data as Order & { changed?: unknown };
  return orderAnswer(status, then);
}
