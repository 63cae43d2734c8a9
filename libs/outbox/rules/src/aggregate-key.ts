/** The partition key of an aggregate's head and events, and the `partitionkey` of its events: `parcel#<id>`. */
export function aggregateKey(aggregateType: string, id: string): string {
  return `${aggregateType}#${id}`;
}

/** The aggregate that a partition key of the outbox table is of; undefined for what the outbox keeps for itself. */
export function parseAggregateKey(pk: string): { readonly aggregateType: string; readonly id: string } | undefined {
  const at = pk.indexOf('#');
  return at > 0 ? { aggregateType: pk.slice(0, at), id: pk.slice(at + 1) } : undefined;
}
