/**
 * Why DynamoDB refused a write. `condition`: a condition did not hold, `failed` are the indexes of the transaction's
 * actions concerned ([0] for a single write). `busy`: a conflict, throttling or an outage, worth another try; so is a
 * customer key that can't be used, since it is the table's and not the request's fault, and may be for a moment only.
 * `unanswered`: every try of the client was in vain, which took its time; whether it took effect is not known. `invalid`:
 * the item itself can never be stored, e.g. an empty key. `fault`: all else.
 */
export type DynamoFailure =
  | { readonly kind: 'condition'; readonly failed: readonly number[] }
  | { readonly kind: 'busy' | 'unanswered'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'fault' };

const BUSY = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
]);

/** Codes of Node.js for a connection that does not come about; the client calls a lost one `TimeoutError`. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** Codes of CancellationReasons that say "try again" (DynamoDB API reference, TransactionCanceledException). */
const BUSY_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Reads an error of the DynamoDB client. CancellationReasons are read as a set: any failed condition decides,
 * else a conflict or throttling means busy, else a validation error invalid.
 */
export function dynamoFailure(error: unknown): DynamoFailure {
  if (!(error instanceof Error)) return { kind: 'fault' };
  if (error.name === 'ConditionalCheckFailedException') return { kind: 'condition', failed: [0] };
  if (isKeyProblem(error)) return { kind: 'busy', reason: error.message };
  if (error.name === 'ValidationException') return { kind: 'invalid', detail: error.message };
  if (error.name === 'TransactionCanceledException') return cancellation(error);
  if (BUSY.has(error.name)) return { kind: 'busy', reason: error.name };
  if (error.name === 'TimeoutError') return { kind: 'unanswered', reason: error.name };
  if ('code' in error && typeof error.code === 'string' && NO_CONNECTION.has(error.code)) {
    return { kind: 'unanswered', reason: error.code };
  }
  // DynamoDB's errors from 500 on are all worth another try (developer guide, error handling), some have no name.
  const status = statusOf(error);
  return status >= 500 ? { kind: 'busy', reason: `HTTP ${status}` } : { kind: 'fault' };
}

/** Whether DynamoDB is busy, or doesn't answer: no defect, and worth another try later. */
export function isUnavailable(error: unknown): boolean {
  const { kind } = dynamoFailure(error);
  return kind === 'busy' || kind === 'unanswered';
}

/** Whether DynamoDB says that the table's customer key can't be used; KMS's own errors to other callers begin otherwise. */
function isKeyProblem({ name, message }: Error): boolean {
  return (name === 'AccessDeniedException' || name === 'ValidationException') && message.startsWith('KMS ');
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === 'number' ? status : 0;
}

function cancellation(error: Error): DynamoFailure {
  const codes = reasonCodes(error);
  const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
  if (failed.length > 0) return { kind: 'condition', failed };
  const busy = codes.find((code) => code !== undefined && BUSY_REASONS.has(code));
  if (busy !== undefined) return { kind: 'busy', reason: busy };
  return codes.includes('ValidationError') ? { kind: 'invalid', detail: error.message } : { kind: 'fault' };
}

function reasonCodes(error: Error): readonly (string | undefined)[] {
  const reasons: unknown = 'CancellationReasons' in error ? error.CancellationReasons : undefined;
  if (!Array.isArray(reasons)) return [];
  return reasons.map((reason: unknown) =>
    typeof reason === 'object' && reason !== null && 'Code' in reason && typeof reason.Code === 'string'
      ? reason.Code
      : undefined,
  );
}
