import {
  createSqsBatchHandler,
  dynamoFailure,
  passingTracer,
  recordSpan,
  RESERVE_MS,
  retryWithin,
  type BatchOutcome,
  type Clock,
  type LogFields,
  type Logger,
  type Malformed,
  type Metrics,
  type Receipt,
  type RetryPolicy,
  type Span,
  type SqsBatchHandler,
  type Tracer,
} from '@outbox/function-kit';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { acknowledge, aggregateKey, type RetentionPolicy } from '@outbox/outbox-rules';
import { eventAttributes, eventFields } from '../event-evidence';
import type { OutboxTable } from '../table/outbox-table';
import { writeAcknowledgement } from '../table/outbox-updates';
import { readSighting, type Sighting } from './intake';

/** Where messages go that can never be acknowledged. */
export interface DeadLetters {
  /** Sends a copy with its reason; only then may the message be forgotten. */
  send(receipt: Receipt, reason: DeadLetterReason, detail: string): Promise<void>;
}

/** A stable word, operators filter by it. `rejected`: the table refuses the event's key for good. */
export type DeadLetterReason = 'malformed' | 'rejected';

/** The outside world of the acknowledger. */
export interface AcknowledgerPorts {
  readonly table: OutboxTable;
  readonly deadLetters: DeadLetters;
  readonly policy: RetentionPolicy;
  /** `source` of the bus events that come from this outbox. */
  readonly source: string;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

/** A Lambda handler for an SQS event source that reports batch item failures. */
export type AcknowledgerHandler = SqsBatchHandler;

/** `unchanged`: done already, or nothing is there to be marked. */
type Acknowledged = 'acknowledged' | 'unchanged';

/**
 * Marks the outbox item of every event that was seen on the bus as published. A copy, a replay or the event of an
 * expired item changes nothing. Metrics beside the batch loop's own: Acknowledged, PublishLag (ms from commit to
 * acknowledgement, but of a redrive; of one that has to wait, to each delivery so far), Unchanged.
 *
 * It sees every event once, with the times that were stamped on it: so it records the spans of the relay and of the bus,
 * which have no time to lose for that.
 */
export function createAcknowledger(ports: AcknowledgerPorts): AcknowledgerHandler {
  const { source, deadLetters } = ports;
  return createSqsBatchHandler<Sighting, DeadLetterReason>({
    read: (receipt) => readSighting(receipt, source),
    ...ports,
    evidenceOf: (sighting) => (sighting.kind === 'published' ? eventFields(sighting.event) : {}),
    spanOf: (sighting) =>
      sighting.kind === 'published'
        ? {
            name: `acknowledge ${sighting.event.type}`,
            trace: sighting.event,
            attributes: eventAttributes(sighting.event),
          }
        : undefined,
    settle: (sighting, evidence, remainingMs, span) => settle(ports, sighting, evidence, remainingMs, span),
    deadLetter: (receipt, reason, detail) => deadLetters.send(receipt, reason, detail),
    recordLag: (sighting) => recordLag(ports, sighting),
  });
}

/** A redrive comes long after the commit by its nature: it has no lag. */
function recordLag({ metrics, clock }: AcknowledgerPorts, sighting: Sighting | Malformed): void {
  if (sighting.kind !== 'published' || sighting.receipt.isRedriven) return;
  metrics.milliseconds('PublishLag', Math.max(0, clock.now() - Date.parse(sighting.event.time)));
}

/** The event's way to its first queue: from the commit to the relay or a sweep, and from there over the bus. */
function recordWay({ tracer = passingTracer }: AcknowledgerPorts, sighting: Sighting | Malformed): void {
  if (sighting.kind !== 'published') return;
  const { event, receipt } = sighting;
  const committedAt = Date.parse(event.time);
  const relayedAt = Date.parse(event.relayedat ?? '');
  const about = { parent: event, attributes: eventAttributes(event) };
  recordSpan(tracer, { ...about, name: 'relay', startedAt: committedAt }, relayedAt);
  recordSpan(tracer, { ...about, name: 'publish', kind: 'producer', startedAt: relayedAt }, receipt.queuedAt);
}

async function settle(
  ports: AcknowledgerPorts,
  sighting: Sighting | Malformed,
  evidence: LogFields,
  remainingMs: () => number,
  span: Span,
): Promise<BatchOutcome<DeadLetterReason>> {
  if (sighting.kind === 'malformed') return { kind: 'dead-letter', reason: 'malformed', detail: sighting.detail };
  const settled = sighting.kind === 'replay' ? 'unchanged' : await mark(ports, sighting.event, remainingMs);
  if (typeof settled === 'object') return settled;
  span.set({ 'outbox.outcome': settled });
  ports.metrics.count(settled === 'acknowledged' ? 'Acknowledged' : 'Unchanged');
  if (settled === 'acknowledged') {
    recordLag(ports, sighting);
    recordWay(ports, sighting);
  }
  ports.logger.debug('event seen on the bus', { ...evidence, settled });
  return { kind: 'forget' };
}

async function mark(
  { table, policy, clock, retry }: AcknowledgerPorts,
  { id, aggregatetype, subject, sequence }: EventEnvelope,
  remainingMs: () => number,
): Promise<Acknowledged | BatchOutcome<DeadLetterReason>> {
  const published = { pk: aggregateKey(aggregatetype, subject), sequence: Number(sequence), id };
  const retried = await retryWithin<Acknowledged | BatchOutcome<DeadLetterReason>, string>(
    { ...retry, remainingMs, reserveMs: RESERVE_MS, baseMs: 25, capMs: 1_000 },
    async () => {
      if (remainingMs() <= RESERVE_MS) return { kind: 'answer', value: { kind: 'busy' } };
      try {
        const changed = await writeAcknowledgement(table, acknowledge(published, clock.now(), policy));
        return { kind: 'answer', value: changed ? 'acknowledged' : 'unchanged' };
      } catch (error) {
        const failure = dynamoFailure(error);
        if (failure.kind === 'invalid') {
          return { kind: 'answer', value: { kind: 'dead-letter', reason: 'rejected', detail: failure.detail } };
        }
        if (failure.kind !== 'busy') throw error;
        return { kind: 'again', reason: failure.reason };
      }
    },
  );
  return retried.kind === 'answer' ? retried.value : { kind: 'busy' };
}
