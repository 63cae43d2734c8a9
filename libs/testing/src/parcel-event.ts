import { eventOf } from './event-of';

/** An event of parcel `p-1` as a consumer finds it under `detail`: the first registers it, later ones move it. */
export function parcelEvent(sequence: number) {
  const type = sequence === 1 ? 'ParcelRegistered' : 'ParcelMoved';
  const dataschema = `urn:outbox:event:${type}:v1`;
  const draft = { aggregatetype: 'parcel', type, dataschema, data: { note: 'x' } };
  return { ...eventOf(draft, { subject: 'p-1', sequence }), source: 'parcels' };
}
