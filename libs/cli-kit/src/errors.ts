/** Parts of a message besides what failed: `reason` is the cause in words, `hint` what to do about it. */
export interface ErrorParts {
  readonly cause?: unknown;
  readonly reason?: string;
  readonly hint?: string;
}

/** What the CLI was told is unusable, or there is no stack to work on; the hint says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly reason: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { cause, reason, hint }: ErrorParts = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.hint = hint;
  }
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

/** A server took a request and did not answer in time; named as Node names it, so that it is explained like the network. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code = 'ETIMEDOUT';

  constructor(
    readonly hostname: string,
    ms: number,
  ) {
    super(`none within ${ms / 1000} s`);
  }
}

/** Of a body that is no problem document (a proxy's page, say) a message shows this much. */
const SHOWN_CHARACTERS = 200;

function describe(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return oneLine(String(problem)).slice(0, SHOWN_CHARACTERS);
  const { title, detail, message, errors } = problem as Record<string, unknown>;
  const fields = Array.isArray(errors)
    ? errors
        .map((error: Record<string, unknown>) => `\n  ${String(error['pointer'])}: ${String(error['detail'])}`)
        .join('')
    : '';
  return `${[title, detail, message].filter((part) => typeof part === 'string').join(': ')}${fields}`;
}

/** Text of other programs without its line breaks and indentation. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
