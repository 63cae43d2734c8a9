import { AwsError } from '@outbox/local-cloud-kernel';

/** Something that does not exist: 404 in Lambda's wording. */
export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404, members: { Type: 'User' } });
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

/** The resource exists already, or is in a state that does not allow the operation: 409. */
export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, { status: 409, members: { Type: 'User' } });
}

/** The caller's RevisionId is not the current one: 412. */
export function revisionMismatch(): AwsError {
  return new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    { status: 412, members: { Type: 'User' } },
  );
}

/** No environment may be added: 429, with AWS's reason. */
export function throttled(
  reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded',
): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Type: 'User', Reason: reason },
  });
}
