import { jsonResponse, type HttpAnswer } from '@outbox/function-kit';
import type { Order } from '@outbox/orders-domain';
import type { OrderRecord, OrderStore } from '@outbox/orders-dynamodb';
import { etagOf } from './etag';
import { problems } from './problems';

/**
 * The order's URL, relative to `/orders`: right wherever the API is, at the root, under a stage or, locally, under a
 * prefix that the function isn't told. Source: RFC 9110, 10.2.2; RFC 3986, 5.2.
 */
function locationFromOrders(orderId: string): string {
  return `orders/${orderId}`;
}

/** An order as the API shows it, with its version as ETag. */
export function orderAnswer(status: 200 | 201, order: Order): HttpAnswer {
  return jsonResponse(status, order, {
    etag: etagOf(order.version),
    'cache-control': 'no-store',
    ...(status === 201 ? { location: locationFromOrders(order.orderId) } : {}),
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
  if (event === undefined) {
    // A change is asked of the order itself.
    const location = status === 201 ? locationFromOrders(order.orderId) : order.orderId;
    return { problem: problems.replayExpired(order.orderId, location) };
  }
  const { changed: _changed, ...then } = event.data as Order & { changed?: unknown };
  return orderAnswer(status, then);
}
