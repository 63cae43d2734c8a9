/** What the CLI was told is unusable; the message says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The thing asked for does not exist. Exit code 4. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** An answer of the HTTP API that is no success, with its problem document as evidence. Exit code 1. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: unknown,
    request: string,
  ) {
    super(`${request} answered ${status}: ${describe(problem)}`);
  }
}

function describe(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return String(problem);
  const { title, detail, message, errors } = problem as Record<string, unknown>;
  const fields = Array.isArray(errors)
    ? errors
        .map((error: Record<string, unknown>) => `\n  ${String(error['pointer'])}: ${String(error['detail'])}`)
        .join('')
    : '';
  return `${[title, detail, message].filter((part) => typeof part === 'string').join(': ')}${fields}`;
}

/** Exit codes a script can rely on: 0 done, 1 failed or not complete in time, 2 bad usage, 4 not found. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  if (error instanceof NotFoundError || (error instanceof ApiError && error.status === 404)) return 4;
  return 1;
}
