import { AwsError } from '@outbox/local-cloud-kernel';

/** The request's bytes are not what the operation's shape allows; AWS answers it before it looks at permissions. */
export function serializationError(message: string): AwsError {
  return new AwsError('SerializationException', message);
}

/** A request that is too large for the service, answered before all of it is read. */
export function tooLarge(limit: number): AwsError {
  return new AwsError('RequestEntityTooLargeException', `Request must be smaller than ${limit} bytes`, { status: 413 });
}

/** An operation AWS itself would not know. */
export function unknownOperation(what: string): AwsError {
  return new AwsError('UnknownOperationException', `Unknown operation: ${what}`, { status: 404 });
}
