import {
  createSqsBatchHandler,
  RESERVE_MS,
  traceContextOf,
  type BatchOutcome,
  type LogFields,
  type Logger,
  type Malformed,
  type Metrics,
  type Span,
  type SqsBatchHandler,
  type Tracer,
} from '@outbox/function-kit';
import { isRepeatedFailure, lanesOf, PARK_CAP_SECONDS, retrySeconds, type DeadLetterReason } from '@outbox/inbox-rules';
import { eventAttributes, eventFields } from '@outbox/outbox-dynamodb';
import type { ConsumedEvent, Recognise } from './event';
import type { Inbox } from './inbox';
import { readMessage, type Intake } from './intake';
import type { ConsumerQueue } from './queue';

/** A Lambda handler for an SQS event source that reports batch item failures. */
export type ConsumerHandler = SqsBatchHandler;

/** What the batch loop is made of. */
export interface BatchOptions<E extends ConsumedEvent> {
  readonly recognise: Recognise<E>;
  readonly inbox: Inbox<E>;
  readonly queue: ConsumerQueue;
  /** Milliseconds from commit to effect within which an event is on time. */
  readonly objectiveMs: number;
  readonly clock: { now(): number };
  /** Uniform in [0, 1). */
  random(): number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

/**
 * The batch loop with subjects side by side, the versions of one subject one after another. Metrics beside the loop's
 * own: ConsumerLag (ms from commit to effect; of an event that has to wait, to each delivery so far), OnTime (percent of
 * events that took effect within the objective; a dead letter never does), Applied, Duplicates, Skipped, Parked, Waiting,
 * VersionConflicts; failed attempts count as Failed, an event's third and later ones as FailedRepeatedly, too. What is
 * replayed or redriven is no event's first chance: it has no lag, and isn't judged.
 */
export function createBatchHandler<E extends ConsumedEvent>(options: BatchOptions<E>): ConsumerHandler {
  const { recognise, queue, clock, logger, metrics, tracer } = options;
  return createSqsBatchHandler<Intake<E>, DeadLetterReason>({
    read: (receipt) => readMessage(receipt, recognise),
    lanesOf: (intakes) => lanesOf(intakes, ({ message }) => message),
    evidenceOf: ({ envelope }) => eventFields(envelope),
    spanOf: ({ envelope }) => ({
      name: `process ${envelope.type}`,
      trace: traceContextOf(envelope.traceparent, envelope.tracestate),
      attributes: eventAttributes(envelope),
    }),
    settle: (entry, evidence, remainingMs, span) =>
      backOff(options, entry, () => settle(options, entry, evidence, remainingMs, span)),
    deadLetter: (receipt, reason, detail) => queue.deadLetter(receipt, reason, detail),
    onDeadLetter: (entry, reason) => {
      if (isJudged(entry)) metrics.percent('OnTime', false);
      if (reason === 'version-conflict') metrics.count('VersionConflicts');
    },
    recordLag: (entry) => void recordLag(options, entry),
    clock,
    logger,
    metrics,
    tracer,
  });
}

/**
 * What couldn't be settled is back soon, and later each time: without it a message stays hidden for the queue's
 * visibility timeout, which is several times the function's. It is no attempt; SQS's count of receives is the back-stop.
 */
async function backOff<E extends ConsumedEvent>(
  { queue, random, logger, metrics }: BatchOptions<E>,
  { receipt }: Intake<E> | Malformed,
  work: () => Promise<BatchOutcome<DeadLetterReason>>,
): Promise<BatchOutcome<DeadLetterReason>> {
  const comeBack = async (): Promise<void> => {
    try {
      await queue.park(receipt, Math.min(PARK_CAP_SECONDS, retrySeconds(receipt.receives, random())));
    } catch (error) {
      logger.warn('message stays hidden for its visibility timeout', { messageId: receipt.messageId, error });
    }
  };
  try {
    const outcome = await work();
    if (outcome.kind === 'busy') await comeBack();
    return outcome;
  } catch (error) {
    if (isRepeatedFailure(receipt.receives)) metrics.count('FailedRepeatedly');
    await comeBack();
    throw error;
  }
}

async function settle<E extends ConsumedEvent>(
  options: BatchOptions<E>,
  entry: Intake<E> | Malformed,
  evidence: LogFields,
  remainingMs: () => number,
  span: Span,
): Promise<BatchOutcome<DeadLetterReason>> {
  const { inbox, queue, logger, metrics } = options;
  if (remainingMs() <= RESERVE_MS) return { kind: 'busy', reason: 'the invocation is out of time' };
  if (entry.kind === 'malformed') return { kind: 'dead-letter', reason: 'malformed', detail: entry.detail };
  const settled = await inbox.settle(entry, remainingMs, span.context);
  span.set({ 'outbox.outcome': settled.kind });
  switch (settled.kind) {
    case 'apply':
      metrics.count('Applied');
      recordEffect(options, entry);
      logger.info('event applied', evidence);
      return { kind: 'forget' };
    case 'done':
      metrics.count('Duplicates');
      logger.info('event was applied before', evidence);
      return { kind: 'forget' };
    case 'advance':
    case 'skip':
      metrics.count('Skipped');
      logger.info('event needs no effect', { ...evidence, decision: settled });
      return { kind: 'forget' };
    case 'park':
      await queue.park(entry.receipt, settled.visibilitySeconds);
      metrics.count('Parked');
      recordLag(options, entry);
      logger.info('event waits for its predecessors', { ...evidence, visibilitySeconds: settled.visibilitySeconds });
      return { kind: 'again' };
    case 'wait':
      await queue.park(entry.receipt, settled.visibilitySeconds);
      metrics.count('Waiting');
      recordLag(options, entry);
      logger.info('event waits for another delivery', { ...evidence, visibilitySeconds: settled.visibilitySeconds });
      return { kind: 'again' };
    case 'retry': {
      const { kind: _, ...failed } = settled;
      span.fail(failed.error);
      await queue.park(entry.receipt, failed.visibilitySeconds);
      metrics.count('Failed');
      if (isRepeatedFailure(failed.attempts)) metrics.count('FailedRepeatedly');
      recordLag(options, entry);
      logger.error('event failed, and is tried again', { ...evidence, ...failed });
      return { kind: 'again' };
    }
    case 'dead-letter':
    case 'busy':
      return settled;
  }
}

/** Whether lag and objective are about this delivery: a replay or a redrive comes long after the commit by its nature. */
function isJudged<E extends ConsumedEvent>(entry: Intake<E> | Malformed): boolean {
  return !entry.receipt.isRedriven && entry.isReplayed !== true;
}

/** Records how long an event took to its effect, and whether that was on time. */
function recordEffect<E extends ConsumedEvent>(options: BatchOptions<E>, entry: Intake<E>): void {
  const lagMs = recordLag(options, entry);
  if (lagMs !== undefined) options.metrics.percent('OnTime', lagMs <= options.objectiveMs);
}

/** Records the milliseconds since the event's commit and returns them, of a message that they are about. */
function recordLag<E extends ConsumedEvent>(
  { clock, metrics }: BatchOptions<E>,
  entry: Intake<E> | Malformed,
): number | undefined {
  if (entry.kind === 'malformed' || !isJudged(entry)) return undefined;
  const lagMs = Math.max(0, clock.now() - Date.parse(entry.times.committedAt));
  metrics.milliseconds('ConsumerLag', lagMs);
  return lagMs;
}
