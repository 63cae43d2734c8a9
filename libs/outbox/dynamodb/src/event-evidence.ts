import { traceFields, type LogFields, type SpanAttributes } from '@outbox/function-kit';
import type { EventEnvelope } from '@outbox/outbox-envelope';

/** What is needed of an event to find all that was logged and recorded of it. */
export type Traceable = Pick<
  EventEnvelope,
  'id' | 'type' | 'aggregatetype' | 'subject' | 'sequence' | 'traceparent' | 'correlationid'
>;

/** What every log line about an event carries: the same names in each function. */
export function eventFields(event: Traceable): LogFields {
  const { id, type, aggregatetype, subject, sequence, correlationid } = event;
  return {
    eventId: id,
    type,
    aggregateType: aggregatetype,
    subject,
    version: Number(sequence),
    ...traceFields(event),
    ...(correlationid === undefined ? {} : { correlationId: correlationid }),
  };
}

/** What every span about an event carries. */
export function eventAttributes({
  id,
  type,
  aggregatetype,
  subject,
  sequence,
  correlationid,
}: Traceable): SpanAttributes {
  return {
    'outbox.event.id': id,
    'outbox.event.type': type,
    'outbox.aggregate.type': aggregatetype,
    'outbox.aggregate.id': subject,
    'outbox.sequence': Number(sequence),
    ...(correlationid === undefined ? {} : { 'outbox.correlation_id': correlationid }),
  };
}
