import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createOutbox, readOutboxConfig, type CommitResult, type Outbox } from 'transactional-outbox-aws';
import { parcel } from './parcel.js';

export const openOutbox = () => createOutbox({ dynamodb: new DynamoDBClient(), ...readOutboxConfig(process.env) });

/** State and event in one transaction: both are there afterwards, or neither is. */
export function registerParcel(outbox: Outbox, id: string, to: string): Promise<CommitResult> {
  return outbox.commit({
    aggregate: parcel,
    id,
    after: 0, // the parcel is new; later: the sequence of its last event
    events: [parcel.Registered({ parcelId: id, to })],
    write: [{ put: { table: 'parcels', item: { id, to, place: 'depot' } } }],
  });
}
