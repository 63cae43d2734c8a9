import type { FunctionRecord, VersionRecord } from '../lambda/model';

/** What an environment is built from; environments with the same `key` are interchangeable. */
export interface FunctionTarget {
  readonly record: Pick<FunctionRecord, 'accountId' | 'region' | 'name' | 'reservedConcurrency'>;
  readonly version: VersionRecord;
}

/** One event for a function. */
export interface Invocation {
  readonly requestId: string;
  /** As the caller named it, with version or alias. */
  readonly invokedArn: string;
  readonly payload: Uint8Array;
  readonly traceId: string;
  /** JSON text; undefined when the caller sent none. */
  readonly clientContext: string | undefined;
  /** Nobody waits for the answer: it came from a queue, a stream or as an event of its own. */
  readonly isBackground: boolean;
}

/** What came of it. A function's own failure is a result, not an exception. */
export interface InvocationResult {
  readonly payload: Uint8Array;
  readonly failed: boolean;
  /** How long the function ran, in milliseconds; undefined when it never did. */
  readonly durationMs?: number;
  /** Resolves to the end of this invocation's log, at most 4 KB, once it is all read. */
  readonly logTail: Promise<string>;
}

/** An error as Lambda answers it for what the function itself could not report. */
export function errorPayload(errorType: string, errorMessage: string): Uint8Array {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
