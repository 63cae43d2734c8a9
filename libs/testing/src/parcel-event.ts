/** An event of parcel `p-1` as a consumer finds it under `detail`: the first registers it, later ones move it. */
export function parcelEvent(sequence: number) {
  const type = sequence === 1 ? 'ParcelRegistered' : 'ParcelMoved';
  return {
    specversion: '1.0' as const,
    id: `event-${sequence}`,
    source: 'parcels',
    type,
    aggregatetype: 'parcel',
    subject: 'p-1',
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json' as const,
    dataschema: `urn:outbox:event:${type}:v1`,
    sequence: String(sequence),
    partitionkey: 'parcel#p-1',
    data: { note: 'x' },
  };
}
