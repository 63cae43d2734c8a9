import {
  createHttpHandler,
  isUnavailable,
  principalOf,
  type HttpAnswer,
  type HttpHandler,
  type HttpRequest,
  type HttpRoute,
} from '@outbox/function-kit';
import { orderAnswer } from './order-answer';
import { isOrderId } from './order-id';
import { patchOrder } from './patch-order';
import type { Ports } from './ports';
import { postOrder } from './post-order';
import { problems } from './problems';

/** Answers `POST /orders`, `PATCH /orders/{orderId}` and `GET /orders/{orderId}`. */
export function createHandler(ports: Ports): HttpHandler {
  return createHttpHandler(ports, {
    'POST /orders': busyIsNoFault((request) => postOrder(ports, request)),
    'PATCH /orders/{orderId}': busyIsNoFault((request) => patchOrder(ports, request)),
    'GET /orders/{orderId}': busyIsNoFault((request) => getOrder(ports, request)),
  });
}

async function getOrder({ store }: Ports, request: HttpRequest): Promise<HttpAnswer> {
  const { orderId } = request.parameters;
  const record = isOrderId(orderId) ? await store.read(orderId) : undefined;
  if (record === undefined || record.owner !== principalOf(request).name) return { problem: problems.notFound() };
  return orderAnswer(200, record.order);
}

/** A read that DynamoDB has no time or no answer for is 503 like a write; only defects are 500. */
function busyIsNoFault(route: HttpRoute): HttpRoute {
  return async (request) => {
    try {
      return await route(request);
    } catch (error) {
      if (isUnavailable(error)) return { problem: problems.busy() };
      throw error;
    }
  };
}
