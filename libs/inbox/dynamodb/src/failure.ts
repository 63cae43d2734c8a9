import type { DeadLetterReason } from '@outbox/inbox-rules';

/** Asks for the event to be tried again after a time of the consumer's choosing. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';

  constructor(
    readonly seconds: number,
    reason: string,
    /** It may come later than that: each attempt waits at least as long as if nothing had been asked. */
    readonly isMinimum = false,
  ) {
    super(reason);
  }
}

/** Says that the event can never be processed. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
}

/** An outside call that didn't return in its time. */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError';
}

/**
 * `throw retryIn('5s')`: the event is tried again after that time, which counts as an attempt.
 * @throws RangeError when the duration isn't 1 s to 11 h
 */
export function retryIn(duration: string, reason = 'the consumer asks for a later attempt'): RetryLaterError {
  const seconds = Math.ceil(milliseconds(duration) / 1_000);
  // SQS hides a message for 12 hours from its receipt at the most (API reference, ChangeMessageVisibility).
  if (seconds < 1 || seconds > 39_600) throw new RangeError(`retryIn('${duration}'): it takes 1s to 11h`);
  return new RetryLaterError(seconds, reason);
}

/** `throw reject('…')`: the event is set aside with this reason at once. */
export function reject(reason: string): RejectedError {
  return new RejectedError(reason);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `5s`, `2m`, `1h` in milliseconds. @throws RangeError for anything else */
export function milliseconds(duration: string): number {
  const [, number, unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(duration) ?? [];
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) {
    throw new RangeError(`${JSON.stringify(duration)} is no duration: write 500ms, 5s, 2m or 1h`);
  }
  return Number(number) * factor;
}

/** Why an attempt came to nothing. */
export interface Failure {
  readonly error: string;
  /** The error and where it was thrown, unless the consumer asks for a later attempt. */
  readonly stack?: string;
  /** Of the dead letter that it becomes at last. */
  readonly reason: DeadLetterReason;
  /** No further attempt can help. */
  readonly isFinal: boolean;
  /** Until the next attempt, where the consumer says it. */
  readonly afterSeconds?: number;
  /** The back-off may be longer than that. */
  readonly isMinimum?: boolean;
}

/** What a consumer's code threw. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof RejectedError) return rejected(thrown.message);
  const failure: Failure = { error: describe(thrown), reason: 'attempts', isFinal: false };
  if (thrown instanceof RetryLaterError) {
    return { ...failure, afterSeconds: thrown.seconds, isMinimum: thrown.isMinimum };
  }
  const stack = isErrorLike(thrown) ? framesOf(thrown) : '';
  return stack === '' ? failure : { ...failure, stack: failure.error + stack };
}

/** Where it was thrown, without the message, which may be long and repeat what the code was given. */
function framesOf({ message, stack }: Error): string {
  const lines = typeof stack === 'string' ? stack.replace(message, '').split('\n') : [];
  const frames = lines.filter((line) => /^ +at /.test(line)).slice(0, MAX_FRAMES);
  return frames.map((line) => `\n${line}`).join('');
}

/** A failure that nothing can mend. */
export function rejected(error: string): Failure {
  return { error: clip(error), reason: 'rejected', isFinal: true };
}

/** Longest error that is kept, and logged. */
const MAX_ERROR = 500;
const MAX_FRAMES = 30;

function describe(thrown: unknown): string {
  if (thrown instanceof RetryLaterError) return clip(thrown.message);
  if (!isErrorLike(thrown)) return clip(String(thrown));
  // `fetch failed` says nothing without its cause, whose message may be empty.
  const { cause } = thrown;
  const why = isErrorLike(cause) ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : '';
  return clip(`${thrown.name}: ${thrown.message}${why === '' ? '' : `: ${why}`}`);
}

/** What `fetch` throws may be an error of another realm. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}

function clip(text: string): string {
  return text.slice(0, MAX_ERROR).toWellFormed();
}
