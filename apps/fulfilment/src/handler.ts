import { consumer, type Completion } from '@outbox/inbox-dynamodb';
import { order, shipment, type OrderCreated } from '@outbox/orders-events';
import { carrierAt, type BookingReply, type BookingRequest } from './carrier';

/** Without an address of a carrier nothing is sent. */
type Outcome = BookingReply | { readonly kind: 'cancelled' | 'unsent' };

/**
 * Books a shipment for each created order, and cancels the booking when that is asked for; says so as the shipment of the
 * order's id. Without CARRIER_URL it only records what it would have sent.
 */
export const handler = consumer({
  name: 'fulfilment',
  policy: 'once',
  on: [order.Created, shipment.CancellationRequested],
  callTimeout: '5s',

  lookup: (event, context) => (event.type === 'OrderCreated' ? carrier()?.find(context) : undefined),

  call: async (event, context): Promise<Outcome> => {
    const partner = carrier();
    if (!partner) return { kind: 'unsent' };
    if (event.type === 'OrderCreated') return partner.book(bookingOf(event), context);
    await partner.cancel(event.data.bookingId, context);
    return { kind: 'cancelled' };
  },

  complete: (event, outcome): Completion => {
    const [id, orderId] = [event.subject, event.data.orderId];
    switch (outcome.kind) {
      case 'unsent':
        return { record: { unsent: event.type === 'OrderCreated' ? bookingOf(event) : event.data } };
      case 'booked': {
        const { bookingId } = outcome;
        const events = [shipment.Booked({ orderId, bookingId })];
        return { record: { bookingId }, emit: [{ aggregate: shipment, id, after: 0, events }] };
      }
      case 'refused': {
        const { reason } = outcome;
        const events = [shipment.Refused({ orderId, reason })];
        return { record: { refused: reason }, emit: [{ aggregate: shipment, id, after: 0, events }] };
      }
      case 'cancelled': {
        if (event.type !== 'ShipmentCancellationRequested') return {};
        const { bookingId } = event.data;
        const events = [shipment.Cancelled({ orderId, bookingId })];
        return {
          record: { cancelled: bookingId },
          emit: [{ aggregate: shipment, id, after: Number(event.sequence), events }],
        };
      }
    }
  },
});

function carrier() {
  const address = process.env['CARRIER_URL'];
  return address ? carrierAt(address) : undefined;
}

function bookingOf({ data }: OrderCreated): BookingRequest {
  return { reference: data.orderId, parcels: data.items.map(({ sku, quantity }) => ({ sku, quantity })) };
}
