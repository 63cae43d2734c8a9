import { readSubjectKey, type Subject } from '@outbox/inbox-dynamodb';
import { EVENT_SOURCE, order } from '@outbox/orders-events';

/** What consumers know an order by. */
export function subjectOf(orderId: string): Subject {
  return { source: EVENT_SOURCE, aggregateType: order.aggregateType, id: orderId };
}

/** The order that a partition of a consumer's table is about; undefined when it is about something else. */
export function orderOfSubject(key: string | undefined): string | undefined {
  const subject = key === undefined ? undefined : readSubjectKey(key);
  return subject?.source === EVENT_SOURCE && subject.aggregateType === order.aggregateType ? subject.id : undefined;
}
