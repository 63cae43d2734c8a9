import { lanesOf } from '@outbox/inbox-rules';
import type { Logger, Metrics } from '@outbox/function-kit';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ConsumedEvent, Recognise } from './event';
import { RESERVE_MS, type Inbox, type Settled } from './inbox';
import { readRecord, type Intake, type Malformed } from './intake';
import type { ConsumerQueue } from './queue';

/** A Lambda handler for an SQS event source that reports batch item failures. */
export type ConsumerHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** What the batch loop is made of. */
export interface ConsumerOptions<E extends ConsumedEvent> {
  readonly recognise: Recognise<E>;
  readonly inbox: Inbox<E>;
  readonly queue: ConsumerQueue;
  /** Milliseconds from commit to effect within which an event is on time. */
  readonly objectiveMs: number;
  readonly clock: { now(): number };
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Whether SQS may forget a message, or has to deliver it again. */
type Fate = 'forget' | 'deliver-again';

/**
 * The batch loop: subjects side by side, the versions of one subject one after another, every message on its own, so
 * that none harms its neighbours. A message is forgotten only once it is settled or lies in the DLQ; whatever fails is
 * delivered again. Metrics: ConsumerLag (ms from commit to effect; of an event that has to wait, to each delivery so
 * far), OnTime (percent of events that took effect within the objective; a dead letter never does), Applied, Duplicates,
 * Skipped, Parked, DeadLettered, VersionConflicts, Busy, Failed.
 */
export function createConsumerHandler<E extends ConsumedEvent>(options: ConsumerOptions<E>): ConsumerHandler {
  return async (event, context) => {
    const remainingMs = () => context.getRemainingTimeInMillis();
    const again: string[] = [];
    const run = async (entry: Intake<E> | Malformed): Promise<void> => {
      const fate = await settleOne(options, entry, remainingMs);
      if (fate === 'deliver-again') again.push(entry.receipt.messageId);
    };
    try {
      const entries = event.Records.map((record) => readRecord(record, options.recognise));
      const intakes = entries.filter((entry) => entry.kind === 'intake');
      const malformed = entries.filter((entry) => entry.kind === 'malformed');
      await Promise.all([
        ...malformed.map(run),
        ...lanesOf(intakes, ({ message }) => message).map(async (lane) => {
          for (const intake of lane) await run(intake);
        }),
      ]);
      return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      options.metrics.flush();
    }
  };
}

async function settleOne<E extends ConsumedEvent>(
  options: ConsumerOptions<E>,
  entry: Intake<E> | Malformed,
  remainingMs: () => number,
): Promise<Fate> {
  const { inbox, logger, metrics } = options;
  const evidence = evidenceOf(entry);
  try {
    if (remainingMs() <= RESERVE_MS) return busy(options, entry, 'the invocation is out of time', evidence);
    const settled: Settled =
      entry.kind === 'malformed'
        ? { kind: 'dead-letter', reason: 'malformed', detail: entry.detail }
        : await inbox.settle(entry, remainingMs);
    return await finish(options, entry, settled, evidence);
  } catch (error) {
    logger.error('message failed', { ...evidence, error });
    metrics.count('Failed');
    lagOf(options, entry);
    return 'deliver-again';
  }
}

async function finish<E extends ConsumedEvent>(
  options: ConsumerOptions<E>,
  entry: Intake<E> | Malformed,
  settled: Settled,
  evidence: Evidence,
): Promise<Fate> {
  const { queue, logger, metrics, objectiveMs } = options;
  switch (settled.kind) {
    case 'apply':
      metrics.count('Applied');
      metrics.percent('OnTime', lagOf(options, entry) <= objectiveMs);
      logger.info('event applied', evidence);
      return 'forget';
    case 'done':
      metrics.count('Duplicates');
      logger.info('event was applied before', evidence);
      return 'forget';
    case 'advance':
    case 'skip':
      metrics.count('Skipped');
      logger.info('event needs no effect', { ...evidence, decision: settled });
      return 'forget';
    case 'park':
      await queue.park(entry.receipt, settled.visibilitySeconds);
      metrics.count('Parked');
      lagOf(options, entry);
      logger.info('event waits for its predecessors', { ...evidence, visibilitySeconds: settled.visibilitySeconds });
      return 'deliver-again';
    case 'dead-letter':
      await queue.deadLetter(entry.receipt, settled.reason, settled.detail);
      metrics.count('DeadLettered');
      metrics.percent('OnTime', false);
      if (settled.reason === 'version-conflict') metrics.count('VersionConflicts');
      logger.error('message set aside', {
        ...evidence,
        reason: settled.reason,
        detail: settled.detail.slice(0, 1_000),
      });
      return 'forget';
    case 'busy':
      return busy(options, entry, settled.reason, evidence);
  }
}

function busy<E extends ConsumedEvent>(
  options: ConsumerOptions<E>,
  entry: Intake<E> | Malformed,
  reason: string,
  on: Evidence,
): Fate {
  options.logger.warn('message left for its next delivery', { ...on, reason });
  options.metrics.count('Busy');
  lagOf(options, entry);
  return 'deliver-again';
}

/** Records the milliseconds since the event's commit and returns them; a message without an event has none. */
function lagOf<E extends ConsumedEvent>({ clock, metrics }: ConsumerOptions<E>, entry: Intake<E> | Malformed): number {
  if (entry.kind === 'malformed') return 0;
  const lagMs = Math.max(0, clock.now() - Date.parse(entry.times.committedAt));
  metrics.milliseconds('ConsumerLag', lagMs);
  return lagMs;
}

type Evidence = Readonly<Record<string, string | number>>;

function evidenceOf(entry: Intake<ConsumedEvent> | Malformed): Evidence {
  const { messageId, receives } = entry.receipt;
  if (entry.kind === 'malformed') return { messageId, receives };
  const { id, type, subject, version } = entry.message;
  return { messageId, receives, eventId: id, type, subject, version };
}
