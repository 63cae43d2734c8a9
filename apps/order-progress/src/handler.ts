import { readEnv } from '@outbox/function-kit';
import { consumer, reject, type Completion, type CompletionTools } from '@outbox/inbox-dynamodb';
import { changeOrder, type OrderStatus } from '@outbox/orders-domain';
import { checkOrder, parseOrder, updateOrder } from '@outbox/orders-dynamodb';
import { order, shipment } from '@outbox/orders-events';

/**
 * Moves an order on by what becomes of its shipment: booked, it is confirmed; refused, it is cancelled. An order that was
 * cancelled has its booking cancelled, whichever of the two came first.
 */
export const handler = consumer({
  name: 'order-progress',
  policy: 'once',
  on: [shipment.Booked, shipment.Refused, order.Updated],
  complete: async (event, tools): Promise<Completion> => {
    switch (event.type) {
      case 'ShipmentBooked': {
        const { bookingId } = event.data;
        const moved = await moveOrder(event.subject, 'CONFIRMED', tools);
        return moved.status === 'CANCELLED'
          ? { record: { cancelled: bookingId }, emit: [cancellation(event.subject, bookingId)] }
          : { record: { bookingId, ...moved.record }, write: moved.write, emit: moved.emit };
      }
      case 'ShipmentRefused': {
        const { record, write, emit } = await moveOrder(event.subject, 'CANCELLED', tools);
        return { record, write, emit };
      }
      case 'OrderUpdated': {
        if (event.data.status !== 'CANCELLED' || !event.data.changed.includes('status')) return {};
        // Not booked yet, or never: if it is booked one day, the order will be found to be cancelled.
        const bookingId = (await tools.recorded(shipment, event.subject, BOOKED_OR_REFUSED))?.['bookingId'];
        return typeof bookingId === 'string'
          ? { record: { cancelled: bookingId }, emit: [cancellation(event.subject, bookingId)] }
          : {};
      }
    }
  },
});

/** A shipment's first event. */
const BOOKED_OR_REFUSED = 1;

function cancellation(orderId: string, bookingId: string) {
  return {
    aggregate: shipment,
    id: orderId,
    after: BOOKED_OR_REFUSED,
    events: [shipment.CancellationRequested({ orderId, bookingId })],
  };
}

/** What moves an order to a status, and the one it is in when it can't go there. */
async function moveOrder(
  orderId: string,
  status: OrderStatus,
  { read, now }: CompletionTools,
): Promise<Completion & { readonly status?: OrderStatus }> {
  const tableName = readEnv(process.env).string('ORDERS_TABLE_NAME');
  const item = await read(tableName, { orderId });
  if (!item) throw reject(`there is no order ${orderId}`);
  const stored = parseOrder(tableName, item);
  const result = changeOrder(stored.order, { status }, new Date(now()).toISOString());
  switch (result.kind) {
    case 'changed': {
      const { order: after, changed } = result;
      const before = stored.order.version;
      return {
        record: { status },
        write: [updateOrder(tableName, result, before)],
        emit: [
          {
            aggregate: order,
            id: orderId,
            after: before,
            events: [order.Updated({ ...after, changed: [...changed] })],
          },
        ],
      };
    }
    case 'illegal-transition':
      // Somebody was faster: the order is there, beyond it, or cancelled. Only as long as it stays so may this be
      // recorded: a cancellation that is handled before finds no booking, and relies on its being found here.
      return {
        record: { status: result.from },
        status: result.from,
        write: [checkOrder(tableName, orderId, stored.order.version)],
      };
    default:
      throw reject(`order ${orderId} can't be ${status}: ${result.kind}`);
  }
}
