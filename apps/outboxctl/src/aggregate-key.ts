import { orderIdOf, orderPk } from '@outbox/orders-dynamodb';
import { order } from '@outbox/orders-events';
import type { AggregateId } from './aggregate-id';

/** The aggregate types of a stack whose outputs name none. */
export const KNOWN_TYPES: readonly [string, ...string[]] = [order.aggregateType];

/** The partition of an aggregate's events in the outbox's table. */
export function keyOfAggregate({ id }: AggregateId): string {
  return orderPk(id);
}

/** Whose events a partition of the outbox's table holds; a key of another form is shown as it is. */
export function aggregateOfKey(pk: string): AggregateId {
  const id = orderIdOf(pk);
  return id === undefined ? { aggregate: 'unknown', id: pk } : { aggregate: KNOWN_TYPES[0], id };
}
