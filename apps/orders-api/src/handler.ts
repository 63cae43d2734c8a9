import { createHttpHandler, type HttpHandler, type HttpHandlerPorts } from '@outbox/function-kit';
import { changeOrder, parseChangeOrder, parsePlaceOrder, placeOrder, type Order } from '@outbox/orders-domain';
import { loadOrder, putNewOrder, updateOrder, type OrdersTable } from '@outbox/orders-dynamodb';
import { order as orderEvents } from '@outbox/orders-events';
import { createCommands, type CommandsOptions } from '@outbox/outbox-commands';
import { problems, refusalOf } from './problems';

/** The outside world of orders-api, made once in `main.ts`. */
export interface Ports
  extends
    HttpHandlerPorts,
    Pick<CommandsOptions<Order, 'order'>, 'outbox' | 'requireIdempotencyKey' | 'clock' | 'ids'> {
  readonly orders: OrdersTable;
}

/** Answers `POST /orders`, `PATCH /orders/{orderId}` and `GET /orders/{orderId}`. */
export function createHandler({ orders, logger, metrics, tracer, random, ...ports }: Ports): HttpHandler {
  const { tableName } = orders;
  const commands = createCommands({
    ...ports,
    metrics,
    aggregate: orderEvents,
    load: async (orderId) => (await loadOrder(orders, orderId))?.order,
  });
  return createHttpHandler(
    { logger, metrics, tracer, random },
    {
      'POST /orders': commands.create({
        parse: parsePlaceOrder,
        counter: 'OrdersPlaced',
        run: (request, { id, owner, at }) => {
          const placed = placeOrder(request, id, at);
          if (placed.kind === 'invalid') return { problem: problems.invalid(placed.violations) };
          const { order } = placed;
          return {
            events: [orderEvents.Created(order)],
            write: [putNewOrder(tableName, { order, owner })],
            answer: order,
          };
        },
      }),
      'PATCH /orders/{orderId}': commands.change({
        id: 'orderId',
        parse: parseChangeOrder,
        counter: 'OrdersChanged',
        run: (request, { state, version, at }) => {
          const result = changeOrder(state, request, at);
          if (result.kind !== 'changed') return { problem: refusalOf(result) };
          const { order, changed } = result;
          return {
            events: [orderEvents.Updated({ ...order, changed: [...changed] })],
            write: [updateOrder(tableName, result, version)],
            answer: order,
          };
        },
      }),
      'GET /orders/{orderId}': commands.read({ id: 'orderId' }),
    },
  );
}
