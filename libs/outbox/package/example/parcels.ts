import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createOutbox, defineAggregate, readOutboxConfig, type Outbox } from 'transactional-outbox-aws';
import * as z from 'zod';

const snapshot = z.object({ parcelId: z.string(), to: z.string(), place: z.string() });

/** What this service publishes, each event with its versions. */
export const parcel = defineAggregate('parcel', { events: { Registered: { v1: snapshot }, Moved: { v1: snapshot } } });

export const openOutbox = () => createOutbox({ dynamodb: new DynamoDBClient(), ...readOutboxConfig(process.env) });

/** The parcel and its event in one transaction: afterwards both are there, or neither is. */
export async function registerParcel(outbox: Outbox, parcelId: string, to: string) {
  const item = { parcelId, to, place: 'depot' };
  return outbox.commit({
    aggregate: parcel,
    id: parcelId,
    after: 0, // a new parcel; for a change: the sequence of its last event
    events: [parcel.Registered(item)],
    write: [{ put: { table: 'parcels', item } }],
  });
}
