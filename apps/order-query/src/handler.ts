import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  createHttpHandler,
  isUnavailable,
  jsonResponse,
  nothingAt,
  principalOf,
  type HttpAnswer,
  type HttpHandler,
  type HttpHandlerPorts,
  type HttpRequest,
  type Problem,
} from '@outbox/function-kit';
import type { Config } from './config';
import { decodeCursor, encodeCursor } from './cursor';
import { ordersOfCustomer, type Page } from './orders-of-customer';

/** The outside world of order-query, made once in `main.ts`. */
export interface Ports extends HttpHandlerPorts {
  readonly config: Config;
  readonly dynamodb: DynamoDBClient;
}

/**
 * Answers `GET /customers/{customerId}/orders?cursor=` from the read model: the customer's orders that the caller owns.
 * API Gateway's documentation leaves open whether it decodes a path before it chooses the route. If so, the slash in
 * `/customers/a%2Fb/orders` makes a segment more, and the request comes by the second route.
 */
export function createHandler(ports: Ports): HttpHandler {
  return createHttpHandler(ports, {
    'GET /customers/{customerId}/orders': (request) =>
      listOrders(ports, request, request.parameters['customerId'] ?? ''),
    'GET /customers/{path+}': (request) => {
      const path = request.parameters['path'] ?? '';
      if (!path.endsWith(ORDERS)) return { problem: nothingAt(`/customers/${path}`) };
      return listOrders(ports, request, path.slice(0, -ORDERS.length));
    },
  });
}

const ORDERS = '/orders';

/** Longest customer id that an order can carry, in bytes. */
const MAX_CUSTOMER_ID_BYTES = 64;

async function listOrders({ config, dynamodb }: Ports, request: HttpRequest, customerId: string): Promise<HttpAnswer> {
  if (customerId === '' || Buffer.byteLength(customerId) > MAX_CUSTOMER_ID_BYTES) return { problem: NO_CUSTOMER };
  const unknown = Object.keys(request.query).find((name) => name !== 'cursor');
  if (unknown !== undefined) return { problem: badQuery(unknown, 'no such parameter') };
  const cursor = request.query['cursor'];
  const after = cursor === undefined ? undefined : decodeCursor(cursor, customerId);
  if (cursor !== undefined && !after) {
    return { problem: badQuery('cursor', 'not a nextCursor of this list') };
  }
  try {
    const owner = principalOf(request).id;
    return render(await ordersOfCustomer({ dynamodb, tableName: config.tableName, owner }, customerId, after));
  } catch (error) {
    if (isUnavailable(error)) return { problem: BUSY };
    throw error;
  }
}

function render({ orders, next }: Page): HttpAnswer {
  const nextCursor = next ? { nextCursor: encodeCursor(next) } : {};
  return jsonResponse(200, { orders, ...nextCursor }, { 'cache-control': 'no-store' });
}

const NO_CUSTOMER: Problem = {
  kind: 'not-found',
  status: 404,
  title: 'No such resource',
  detail: `a customer id has 1 to ${MAX_CUSTOMER_ID_BYTES} bytes`,
};

const BUSY: Problem = {
  kind: 'busy',
  status: 503,
  title: 'The service is busy, try again',
  headers: { 'retry-after': '1' },
};

function badQuery(parameter: string, detail: string): Problem {
  return {
    kind: 'invalid-query',
    status: 400,
    title: 'The query string is not valid',
    detail: `${parameter}: ${detail}`,
    errors: [{ pointer: `query:${parameter}`, detail }],
  };
}
