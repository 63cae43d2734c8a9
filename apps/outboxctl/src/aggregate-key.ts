import type { Subject } from '@outbox/inbox-dynamodb';
import { aggregateKey, parseAggregateKey } from '@outbox/outbox-rules';
import { formatAggregateId, type AggregateId } from './aggregate-id';
import type { Stack } from './stack';

/** The partition of an aggregate's head and events in the outbox table. */
export function keyOfAggregate({ aggregate, id }: AggregateId): string {
  return aggregateKey(aggregate, id);
}

/** Whose events a partition of the outbox table holds; undefined for what the outbox keeps there for itself. */
export function aggregateOfKey(pk: string): AggregateId | undefined {
  const parsed = parseAggregateKey(pk);
  return parsed && { aggregate: parsed.aggregateType, id: parsed.id };
}

/** `AGGREGATE/ID` for a partition key; a key of no aggregate is shown as it is. */
export function nameOfKey(pk: string): string {
  const aggregate = aggregateOfKey(pk);
  return aggregate ? formatAggregateId(aggregate) : pk;
}

/** What consumers of the stack know an aggregate by. */
export function subjectOf({ event_source }: Pick<Stack, 'event_source'>, { aggregate, id }: AggregateId): Subject {
  return { source: event_source, aggregateType: aggregate, id };
}
