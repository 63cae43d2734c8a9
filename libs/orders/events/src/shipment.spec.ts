import { recogniseEvent } from '@outbox/outbox-envelope';
import { shipment } from './shipment';

const envelope = {
  specversion: '1.0',
  id: 'e-1',
  source: 'orders',
  aggregatetype: 'shipment',
  subject: 'o-1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: '1',
  partitionkey: 'shipment#o-1',
};

describe('the events of a shipment', () => {
  it.each([
    shipment.Booked({ orderId: 'o-1', bookingId: 'b-1' }),
    shipment.Refused({ orderId: 'o-1', reason: 'too heavy' }),
    shipment.CancellationRequested({ orderId: 'o-1', bookingId: 'b-1' }),
    shipment.Cancelled({ orderId: 'o-1', bookingId: 'b-1' }),
  ])('are read as they are written: $type', (draft) => {
    const { type, data } = draft;
    expect(recogniseEvent(shipment.eventTypes, { ...envelope, ...draft })).toMatchObject({
      kind: 'known',
      event: { type, data },
    });
    expect(recogniseEvent(shipment.eventTypes, { ...envelope, ...draft, data: {} })).toMatchObject({
      kind: 'malformed',
    });
  });
});
