import { defineAggregate, type EventsOf } from '@outbox/outbox-envelope';
import { shipmentBookingV1, shipmentRefusedV1 } from './shipment.v1';

/** What is published about the shipment of an order; its id is the order's. */
export const shipment = defineAggregate('shipment', {
  events: {
    /** The carrier takes it. */
    Booked: { v1: shipmentBookingV1 },
    /** The carrier doesn't. */
    Refused: { v1: shipmentRefusedV1 },
    /** Its order was cancelled: the booking is to be cancelled at the carrier. */
    CancellationRequested: { v1: shipmentBookingV1 },
    /** The booking is cancelled. */
    Cancelled: { v1: shipmentBookingV1 },
  },
});

export type ShipmentEvent = EventsOf<typeof shipment>;
