import type { AggregateType } from '../define-aggregate';

/** What a service publishes, as far as the infrastructure needs it: aggregate type → type on the wire → `dataschema`s. */
export interface Contract {
  readonly source: string;
  readonly aggregates: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The contract of some aggregates; it is checked in as `contract.json`, which Terraform reads. */
export function contractOf(source: string, aggregates: readonly AggregateType[]): Contract {
  return {
    source,
    aggregates: Object.fromEntries(
      aggregates.map(({ aggregateType, eventTypes }) => [
        aggregateType,
        Object.fromEntries(eventTypes.map(({ type, schemas }) => [type, [...schemas.keys()]])),
      ]),
    ),
  };
}
