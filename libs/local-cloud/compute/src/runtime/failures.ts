import { errorPayload } from './invocation';

/** How an environment failed: what the event that it runs, or was started for, gets as its answer. */
export interface Failure {
  readonly status: 'error' | 'timeout';
  /** Lambda's name for the error in logs; undefined when the status says it all. */
  readonly errorType: string | undefined;
  /** How its process ended, when nobody reported anything else. */
  readonly exit: string | undefined;
  readonly payload: (requestId: string) => Uint8Array;
}

/** The process ended. */
export function exitFailure(code: number | null, signal: NodeJS.Signals | null): Failure {
  return ended(`Error: Runtime exited ${exitReason(code, signal)}`);
}

/** The process could not be started. */
export function spawnFailure(error: Error): Failure {
  return ended(`Error: ${error.message}`);
}

function ended(exit: string): Failure {
  const errorType = 'Runtime.ExitError';
  const payload = (requestId: string) => errorPayload(errorType, `RequestId: ${requestId} ${exit}`);
  return { status: 'error', errorType, exit, payload };
}

/** The function, or its init phase, took too long. */
export function timeoutFailure(timeoutSeconds: number): Failure {
  const text = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  const payload = (requestId: string) => errorPayload('Sandbox.Timedout', `RequestId: ${requestId} Error: ${text}`);
  return { status: 'timeout', errorType: undefined, exit: undefined, payload };
}

/** The init phase failed, and the runtime reported it. The function's own errors are `Runtime.Unknown` to Lambda. */
export function reportedFailure(payload: Uint8Array): Failure {
  const errorType = reportedType(payload) ?? 'Runtime.Unknown';
  return { status: 'error', errorType, exit: undefined, payload: () => payload };
}

/** The type of a reported error that Lambda knows by name; undefined for all others. */
export function reportedType(payload: Uint8Array): string | undefined {
  let error: unknown;
  try {
    error = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
  const type = typeof error === 'object' && error !== null && 'errorType' in error ? error.errorType : undefined;
  return typeof type === 'string' && /^(Runtime|Function)\.[A-Za-z]+$/.test(type) ? type : undefined;
}

/** How Lambda words the end of a process. */
function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `with error: signal: ${SIGNALS[signal] ?? signal}`;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code ?? 1}`;
}

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted (core dumped)',
  SIGSEGV: 'segmentation fault (core dumped)',
};
