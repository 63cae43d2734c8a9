/**
 * Why DynamoDB refused a write. `condition`: a condition did not hold, `failed` are the indexes of the transaction's
 * actions concerned ([0] for a single write). `busy`: a conflict or throttling, worth another try. `fault`: all else.
 */
export type DynamoFailure =
  | { readonly kind: 'condition'; readonly failed: readonly number[] }
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'fault' };

const BUSY = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
]);

/** Codes of CancellationReasons that say "try again" (DynamoDB API reference, TransactionCanceledException). */
const BUSY_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Reads an error of the DynamoDB client. CancellationReasons are read as a set: any failed condition decides,
 * else a conflict or throttling means busy.
 */
export function dynamoFailure(error: unknown): DynamoFailure {
  if (!(error instanceof Error)) return { kind: 'fault' };
  if (error.name === 'ConditionalCheckFailedException') return { kind: 'condition', failed: [0] };
  if (error.name === 'TransactionCanceledException') return cancellation(reasonCodes(error));
  return BUSY.has(error.name) ? { kind: 'busy', reason: error.name } : { kind: 'fault' };
}

function cancellation(codes: readonly (string | undefined)[]): DynamoFailure {
  const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
  if (failed.length > 0) return { kind: 'condition', failed };
  const busy = codes.find((code) => code !== undefined && BUSY_REASONS.has(code));
  return busy === undefined ? { kind: 'fault' } : { kind: 'busy', reason: busy };
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
