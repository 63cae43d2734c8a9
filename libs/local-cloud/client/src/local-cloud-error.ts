/** What the local cloud answered, when it is not what was asked for. */
export interface RefusedRequest {
  /** As in `POST /_local/clock`. */
  readonly request: string;
  /** HTTP status; undefined when there was no answer at all. */
  readonly status: number | undefined;
}

/** The local cloud refused a request, doesn't answer, or didn't start; the message says which, and why. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
  /** Undefined when it didn't start. */
  readonly refused: RefusedRequest | undefined;

  constructor(message: string, options: { readonly refused?: RefusedRequest; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.refused = options.refused;
  }
}
