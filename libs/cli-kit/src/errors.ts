/** Exit codes a script can rely on; a signal's is 128 and its number, 141 says that nobody read the output. */
export const EXIT = { failed: 1, usage: 2, unreachable: 3, notFound: 4 } as const;

/** Parts of a message besides what failed: `reason` is the cause in words, `hint` what to do about it. */
export interface ErrorParts {
  readonly cause?: unknown;
  readonly reason?: string;
  readonly hint?: string;
}

/** An error that knows how it is told: its message is for a person, `exitCode` for a script. */
export abstract class CliError extends Error {
  abstract readonly exitCode: number;
  readonly reason: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { cause, reason, hint }: ErrorParts = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.hint = hint;
  }
}

/** What the program was told is unusable, or there is no stack to work on; the hint says what to do. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.usage;
}

/** The thing asked for does not exist. */
export class NotFoundError extends CliError {
  override readonly name = 'NotFoundError';
  readonly exitCode = EXIT.notFound;
}
