import {
  dynamoFailure,
  retryWithin,
  type Clock,
  type Logger,
  type Metrics,
  type RetryPolicy,
} from '@outbox/function-kit';
import { acknowledge, type RetentionPolicy } from '@outbox/outbox-rules';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { OutboxTable } from '../table/outbox-table';
import { writeAcknowledgement } from '../table/outbox-updates';
import { readSighting, type Receipt, type Sighting } from './intake';

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
  /** The partition key of the aggregate that an event's `subject` names. */
  readonly keyOf: (subject: string) => string;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A Lambda handler for an SQS event source that reports batch item failures. */
export type AcknowledgerHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** Kept back of an invocation's time for answering, in milliseconds. */
const RESERVE_MS = 1_000;

/** `unchanged`: done already, or nothing is there to be marked. */
type Settled = 'acknowledged' | 'unchanged' | 'busy' | { readonly reason: DeadLetterReason; readonly detail: string };

/**
 * Marks the outbox item of every event that was seen on the bus as published. A copy, a replay or the event of an
 * expired item changes nothing. Metrics: Acknowledged, PublishLag (ms from commit to acknowledgement; of one that has to
 * wait, to each delivery so far), Unchanged, DeadLettered, Busy, Failed.
 */
export function createAcknowledger(ports: AcknowledgerPorts): AcknowledgerHandler {
  return async ({ Records }, context) => {
    const remainingMs = () => context.getRemainingTimeInMillis();
    try {
      const sightings = Records.map((record) => readSighting(record, ports.source));
      const forgotten = await Promise.all(sightings.map((sighting) => settleOne(ports, sighting, remainingMs)));
      return {
        batchItemFailures: sightings.flatMap(({ receipt }, index) =>
          forgotten[index] === true ? [] : [{ itemIdentifier: receipt.messageId }],
        ),
      };
    } finally {
      ports.metrics.flush();
    }
  };
}

/** Whether SQS may forget the message. */
async function settleOne(ports: AcknowledgerPorts, sighting: Sighting, remainingMs: () => number): Promise<boolean> {
  const { metrics, logger, deadLetters } = ports;
  const evidence = {
    messageId: sighting.receipt.messageId,
    receives: sighting.receipt.receives,
    ...(sighting.kind === 'published' ? { eventId: sighting.event.id, subject: sighting.event.subject } : {}),
  };
  try {
    const settled = await settle(ports, sighting, remainingMs);
    if (settled === 'busy') {
      metrics.count('Busy');
      recordLag(ports, sighting);
      logger.warn('message left for its next delivery', evidence);
      return false;
    }
    if (typeof settled === 'object') {
      await deadLetters.send(sighting.receipt, settled.reason, settled.detail);
      metrics.count('DeadLettered');
      logger.error('message set aside', { ...evidence, ...settled, detail: settled.detail.slice(0, 1_000) });
      return true;
    }
    metrics.count(settled === 'acknowledged' ? 'Acknowledged' : 'Unchanged');
    if (settled === 'acknowledged') recordLag(ports, sighting);
    logger.debug('event seen on the bus', { ...evidence, settled });
    return true;
  } catch (error) {
    metrics.count('Failed');
    recordLag(ports, sighting);
    logger.error('message failed', { ...evidence, error });
    return false;
  }
}

function recordLag({ metrics, clock }: AcknowledgerPorts, sighting: Sighting): void {
  if (sighting.kind !== 'published') return;
  metrics.milliseconds('PublishLag', Math.max(0, clock.now() - Date.parse(sighting.event.time)));
}

async function settle(
  { table, policy, keyOf, clock, retry }: AcknowledgerPorts,
  sighting: Sighting,
  remainingMs: () => number,
): Promise<Settled> {
  if (sighting.kind === 'replay') return 'unchanged';
  if (sighting.kind === 'malformed') return { reason: 'malformed', detail: sighting.detail };
  const { id, subject, sequence } = sighting.event;
  const published = { pk: keyOf(subject), version: Number(sequence), id };
  const retried = await retryWithin<Settled, string>(
    { ...retry, remainingMs, reserveMs: RESERVE_MS, baseMs: 25, capMs: 1_000 },
    async () => {
      if (remainingMs() <= RESERVE_MS) return { kind: 'answer', value: 'busy' };
      try {
        const changed = await writeAcknowledgement(table, acknowledge(published, clock.now(), policy));
        return { kind: 'answer', value: changed ? 'acknowledged' : 'unchanged' };
      } catch (error) {
        const failure = dynamoFailure(error);
        if (failure.kind === 'invalid') {
          return { kind: 'answer', value: { reason: 'rejected', detail: failure.detail } };
        }
        if (failure.kind !== 'busy') throw error;
        return { kind: 'again', reason: failure.reason };
      }
    },
  );
  return retried.kind === 'answer' ? retried.value : 'busy';
}
