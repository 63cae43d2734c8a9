/** What an aggregate's constructor returns: `shipment.Booked(data)`. */
interface Draft {
  readonly aggregatetype: string;
  readonly type: string;
  readonly dataschema: string;
  readonly data: unknown;
}

/** The event that comes of a draft, as a consumer finds it under `detail`: the aggregate's first, unless told otherwise. */
export function eventOf<D extends Draft>(
  draft: D,
  { subject = 'a-1', sequence = 1 }: { readonly subject?: string; readonly sequence?: number } = {},
) {
  return {
    specversion: '1.0' as const,
    id: `event-${sequence}`,
    source: 'orders',
    ...draft,
    subject,
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json' as const,
    sequence: String(sequence),
    partitionkey: `${draft.aggregatetype}#${subject}`,
  };
}
