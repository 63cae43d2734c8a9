import type { Receipt } from './sqs-batch';
import type { TraceContext } from './trace-context';
import { readTraceparent } from './trace-context';
import { recordSpan, type Span, type SpanAttributes, type Tracer } from './tracer';

/** What a message's span says of it. */
export interface MessageSpan {
  /** What is done with the message. */
  readonly name: string;
  /** The trace that the message belongs to. */
  readonly trace: TraceContext;
  readonly attributes: SpanAttributes;
}

/** The spans of a batch of messages. */
export interface BatchSpans {
  /** The span of one message, a part of the message's own trace; it begins now. */
  startMessage(message: MessageSpan | undefined, receipt: Receipt): Span;
  end(): void;
}

/**
 * Begins the spans of a batch. Messages of several traces are joined by a span with a link to each, which belongs to none
 * of them. A message's first delivery tells how long it waited in the queue; of later ones that isn't known.
 */
export function startBatch(
  tracer: Tracer,
  messages: readonly (MessageSpan | undefined)[],
  receivedAt: number,
): BatchSpans {
  const traces = messages.flatMap((message) =>
    message && readTraceparent(message.trace.traceparent) ? [message.trace] : [],
  );
  const ids = new Set(traces.map(({ traceparent }) => readTraceparent(traceparent)?.traceId));
  const attributes = { 'messaging.batch.message_count': messages.length };
  const batch =
    ids.size > 1 ? tracer.start({ name: 'receive', kind: 'consumer', links: traces, attributes }) : undefined;
  return {
    startMessage: (message, { messageId, receives, queuedAt }) => {
      const { name = 'set aside', trace: parent = {}, attributes: about = {} } = message ?? {};
      if (receives === 1)
        recordSpan(tracer, { name: 'queue wait', parent, startedAt: queuedAt, attributes: about }, receivedAt);
      return tracer.start({
        name,
        kind: 'consumer',
        parent,
        ...(batch ? { links: [batch.context] } : {}),
        attributes: {
          'messaging.system': 'aws_sqs',
          'messaging.message.id': messageId,
          'outbox.receives': receives,
          ...about,
        },
      });
    },
    end: () => batch?.end(),
  };
}
