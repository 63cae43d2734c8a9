import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from './clock';
import { isRedriven } from './dead-letter';
import type { LogFields, Logger } from './logger';
import type { Metrics } from './metrics';
import { startBatch, type BatchSpans, type MessageSpan } from './sqs-trace';
import { passingTracer, type Span, type Tracer } from './tracer';

/** A Lambda handler for an SQS event source that reports batch item failures. */
export type SqsBatchHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** What a queue says of a message; times in milliseconds since the epoch. */
export interface Receipt {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly queuedAt: number;
  readonly firstReceivedAt: number;
  readonly receives: number;
  /** Whether it comes back from a dead-letter queue. */
  readonly isRedriven: boolean;
}

/** A message nobody can make sense of, with the evidence. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly receipt: Receipt;
  readonly detail: string;
  /** Whether it comes from an archive, as far as it could be read. */
  readonly isReplayed?: boolean;
}

/**
 * What is to become of a message. `again`: SQS delivers it again, as soon as its visibility ends. `busy`: the same, since
 * it could not be settled in the time there was. `dead-letter`: it can never be settled.
 */
export type BatchOutcome<R extends string> =
  | { readonly kind: 'forget' | 'again' }
  | { readonly kind: 'busy'; readonly reason?: string }
  | { readonly kind: 'dead-letter'; readonly reason: R; readonly detail: string };

/** Kept back of an invocation's time for answering, in milliseconds. */
export const RESERVE_MS = 1_000;

/** A message that could be read, as its handler sees it. */
export interface Readable {
  /** Anything but `malformed`. */
  readonly kind: string;
  readonly receipt: Receipt;
}

/** What makes a handler this handler; `R` are its reasons for a dead letter. */
export interface SqsBatchOptions<T extends Readable, R extends string> {
  /** Reads one message. Total. */
  readonly read: (receipt: Receipt) => T | Malformed;
  /** Splits a batch into lanes that are settled side by side, each one message after another; each alone if not given. */
  readonly lanesOf?: (entries: readonly T[]) => readonly (readonly T[])[];
  /** What a message is about, for its log lines. */
  readonly evidenceOf: (entry: T) => LogFields;
  /** What a message's span is called, and belongs to; undefined: to no trace. */
  readonly spanOf: (entry: T) => MessageSpan | undefined;
  /** Settles one message, and counts and logs what it did with one to `forget` or see `again`. */
  readonly settle: (
    entry: T | Malformed,
    evidence: LogFields,
    remainingMs: () => number,
    span: Span,
  ) => Promise<BatchOutcome<R>>;
  /** Sends a copy with its reason to the DLQ; only then is the message forgotten. */
  readonly deadLetter: (receipt: Receipt, reason: R, detail: string) => Promise<void>;
  /** Told of each dead letter that was sent, to count what only this handler counts. */
  readonly onDeadLetter?: (entry: T | Malformed, reason: R) => void;
  /** Records how long a message waits already, of one that has to wait on. */
  readonly recordLag: (entry: T | Malformed) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Gets a span per message; without one nothing is recorded. */
  readonly tracer?: Tracer;
}

/**
 * The batch loop of a queue's handler: every message on its own, so that none harms its neighbours. A message is
 * forgotten only once it is settled or lies in the DLQ; whatever fails is delivered again. Metrics: DeadLettered, Busy,
 * Failed.
 */
export function createSqsBatchHandler<T extends Readable, R extends string>(
  options: SqsBatchOptions<T, R>,
): SqsBatchHandler {
  const { read, lanesOf = (entries) => entries.map((entry) => [entry]), spanOf, clock, metrics } = options;
  const { tracer = passingTracer } = options;
  return async ({ Records }, context) => {
    const remainingMs = () => context.getRemainingTimeInMillis();
    const receivedAt = clock.now();
    const forgotten = new Set<T | Malformed>();
    let spans: BatchSpans | undefined;
    try {
      const entries = Records.map((record) => read(readReceipt(record)));
      const messages = new Map(entries.map((entry) => [entry, isMalformed(entry) ? undefined : spanOf(entry)]));
      const batch = (spans = startBatch(tracer, [...messages.values()], receivedAt));
      const readable = entries.flatMap((entry) => (isMalformed(entry) ? [] : [entry]));
      const lanes = [...entries.filter(isMalformed).map((entry) => [entry]), ...lanesOf(readable)];
      await Promise.all(
        lanes.map(async (lane) => {
          for (const entry of lane) {
            const span = batch.startMessage(messages.get(entry), entry.receipt);
            if (await span.run(() => settleOne(options, entry, remainingMs, span))) forgotten.add(entry);
          }
        }),
      );
      return {
        batchItemFailures: entries.flatMap((entry) =>
          forgotten.has(entry) ? [] : [{ itemIdentifier: entry.receipt.messageId }],
        ),
      };
    } finally {
      spans?.end();
      metrics.flush();
      await tracer.flush();
    }
  };
}

/** Whether SQS may forget the message. */
async function settleOne<T extends Readable, R extends string>(
  options: SqsBatchOptions<T, R>,
  entry: T | Malformed,
  remainingMs: () => number,
  span: Span,
): Promise<boolean> {
  const { settle, evidenceOf, deadLetter, onDeadLetter, recordLag, logger, metrics } = options;
  const { messageId, receives } = entry.receipt;
  const evidence = { messageId, receives, ...(isMalformed(entry) ? {} : evidenceOf(entry)) };
  try {
    const outcome = await settle(entry, evidence, remainingMs, span);
    switch (outcome.kind) {
      case 'forget':
      case 'again':
        return outcome.kind === 'forget';
      case 'busy': {
        const { kind: _, ...why } = outcome;
        span.set({ 'outbox.outcome': outcome.kind });
        logger.warn('message left for its next delivery', { ...evidence, ...why });
        metrics.count('Busy');
        recordLag(entry);
        return false;
      }
      case 'dead-letter': {
        const { reason, detail } = outcome;
        span.set({ 'outbox.outcome': outcome.kind, 'error.type': reason });
        span.fail(detail);
        await deadLetter(entry.receipt, reason, detail);
        metrics.count('DeadLettered');
        onDeadLetter?.(entry, reason);
        logger.error('message set aside', { ...evidence, reason, detail: detail.slice(0, 1_000) });
        return true;
      }
    }
  } catch (error) {
    span.fail(error);
    logger.error('message failed', { ...evidence, error });
    metrics.count('Failed');
    recordLag(entry);
    return false;
  } finally {
    span.end();
  }
}

function isMalformed(entry: { readonly kind: string }): entry is Malformed {
  return entry.kind === 'malformed';
}

function readReceipt({ messageId, receiptHandle, body, attributes, messageAttributes }: SQSRecord): Receipt {
  return {
    messageId,
    receiptHandle,
    body,
    queuedAt: Number(attributes.SentTimestamp),
    firstReceivedAt: Number(attributes.ApproximateFirstReceiveTimestamp),
    receives: Number(attributes.ApproximateReceiveCount),
    isRedriven: isRedriven(Object.keys(messageAttributes)),
  };
}
