export interface AwsErrorOptions {
  /** HTTP status; 400 unless told. */
  readonly status?: number;
  /** The code older Query clients expect where it differs, e.g. `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode?: string;
  /** The text older Query clients expect where it differs. */
  readonly queryMessage?: string;
  /** Further members of the modelled error, e.g. `CancellationReasons`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error a service answers with, in AWS's own code and wording; the wire renders it per protocol. */
export class AwsError extends Error {
  readonly status: number;
  readonly queryCode: string | undefined;
  readonly queryMessage: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: string,
    message: string,
    options: AwsErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
    this.queryMessage = options.queryMessage;
    this.members = options.members ?? {};
  }

  get fault(): 'client' | 'server' {
    return this.status >= 500 ? 'server' : 'client';
  }
}

/** Where it stands what is refused, service by service. */
const PAGE = 'docs/reference/refusals.md';

/**
 * What the local cloud answers for an operation or option it does not run: refused, never silently accepted. Status 400:
 * a 5xx would have SDKs and Terraform's provider try for minutes what can't succeed.
 */
export function unsupported(service: string, operation: string, what = 'this operation'): AwsError {
  return new AwsError(
    'UnsupportedOperation',
    `The local cloud does not support ${what}: ${service}:${operation}. See ${PAGE}#${service}.`,
  );
}

/** As `unsupported`, for a service that isn't there at all; `why` goes on with the sentence. */
export function unsupportedService(service: string, operation: string, why = ''): AwsError {
  return new AwsError(
    'UnsupportedOperation',
    `The local cloud does not have this service${why}: ${service}:${operation}. See docs/reference/local-cloud.md#what-it-runs.`,
  );
}

/**
 * Refuses a request that asks for an option that isn't run.
 * @throws AwsError UnsupportedOperation
 */
export function refuseOptions(service: string, operation: string, input: object, ...options: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (options.includes(name) && asksForSomething(value)) throw unsupported(service, operation, name);
  }
}

/** Whether an option's value asks for anything: nothing is asked for by what is missing, false, an empty list, or made of those. */
export function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  const members = Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
  return members.length === 0 || members.some(asksForSomething);
}

/** Turns whatever was thrown into what AWS would answer; a defect of the engine becomes `InternalFailure`. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `The local cloud failed: ${message}`, { status: 500, cause: error });
}
