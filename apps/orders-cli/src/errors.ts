import { CliError, EXIT, oneLine } from '@outbox/cli-kit';

/** A response of the HTTP API that is no success, with its problem document as evidence. */
export class ApiError extends CliError {
  override readonly name = 'ApiError';
  readonly exitCode: number;

  constructor(
    readonly status: number,
    readonly problem: unknown,
    request: string,
  ) {
    super(`${request} answered ${status}: ${describe(problem)}`);
    this.exitCode = status === 404 ? EXIT.notFound : EXIT.failed;
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
