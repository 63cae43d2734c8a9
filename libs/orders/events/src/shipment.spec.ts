import { recogniseEvent } from '@outbox/outbox-envelope';
import { eventOf } from '@outbox/testing';
import { shipment } from './shipment';

describe('the events of a shipment', () => {
  it.each([
    shipment.Booked({ orderId: 'o-1', bookingId: 'b-1' }),
    shipment.Refused({ orderId: 'o-1', reason: 'too heavy' }),
    shipment.CancellationRequested({ orderId: 'o-1', bookingId: 'b-1' }),
    shipment.Cancelled({ orderId: 'o-1', bookingId: 'b-1' }),
  ])('are read as they are written: $type', (draft) => {
    const { type, data } = draft;
    const event = eventOf(draft);
    expect(recogniseEvent(shipment.eventTypes, event)).toMatchObject({ kind: 'known', event: { type, data } });
    expect(recogniseEvent(shipment.eventTypes, { ...event, data: {} })).toMatchObject({ kind: 'malformed' });
  });
});
