import {
  isoTime,
  traced,
  type Logger,
  type SpanAttributes,
  type TraceContext,
  type Tracer,
} from '@outbox/function-kit';
import type { Pending } from '@outbox/inbox-rules';
import type { ConsumedEvent } from './event';
import { CallTimeoutError } from './failure';
import type { CallContext, Finish, Work } from './work';

/** The outside call of a claimed event. */
export interface OutsideCall<E extends ConsumedEvent> {
  readonly work: Extract<Work<E>, { kind: 'call' }>;
  readonly event: E;
  readonly claim: Pending;
  readonly key: string;
  /** Whether an earlier attempt may have made the call. */
  readonly isRepeated: boolean;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** What the spans of call and lookup are a part of, and say. */
  readonly trace: TraceContext;
  readonly attributes: SpanAttributes;
}

/** Longest time that `makeCall` takes, in milliseconds. */
export function longestCallMs<E extends ConsumedEvent>(
  { timeoutMs, lookup }: OutsideCall<E>['work'],
  isRepeated: boolean,
) {
  return lookup && isRepeated ? 2 * timeoutMs : timeoutMs;
}

/**
 * Looks an earlier call up, if there may have been one, and makes the call otherwise.
 * @throws CallTimeoutError, and what the consumer's code throws
 */
export async function makeCall<E extends ConsumedEvent>(options: OutsideCall<E>): Promise<Finish> {
  const { work, event, claim, key, isRepeated, logger, tracer, trace: parent } = options;
  const { attempts: attempt, firstAttemptAt } = claim;
  const attributes = { ...options.attributes, 'outbox.attempt': attempt };
  const ask = <T>(name: 'call' | 'lookup', run: (context: CallContext) => Promise<T>): Promise<T> =>
    traced(tracer, { name, kind: 'client', parent, attributes }, ({ context: trace }) =>
      within(work.timeoutMs, name, (signal) => run({ key, attempt, firstAttemptAt, signal, trace, logger })),
    );
  if (work.lookup && isRepeated) {
    const { lookup } = work;
    const found = await ask('lookup', (context) => lookup(event, context));
    if (found) {
      logger.info('call was made before', { key, attempt, firstAttemptAt: isoTime(firstAttemptAt) });
      return found;
    }
  }
  return ask('call', (context) => work.call(event, context));
}

/** @throws CallTimeoutError once the time is over, whether or not `run` heeds its signal */
async function within<T>(timeoutMs: number, what: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new CallTimeoutError(`${what} took longer than ${timeoutMs} ms`);
      controller.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([run(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
