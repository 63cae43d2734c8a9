import { defineAggregate, type EventsOf } from 'transactional-outbox-aws';
import * as z from 'zod';

/** What this service publishes. */
export const parcel = defineAggregate('parcel', {
  events: {
    Registered: { v1: z.object({ parcelId: z.string(), to: z.string() }) },
    Moved: { v1: z.object({ parcelId: z.string(), place: z.string() }) },
  },
});

export type ParcelEvent = EventsOf<typeof parcel>;
