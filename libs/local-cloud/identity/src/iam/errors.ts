import { AwsError, constraintsOf } from '@outbox/local-cloud-kernel';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntityException', message, { status: 404, queryCode: 'NoSuchEntity' });
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExistsException', message, { status: 409, queryCode: 'EntityAlreadyExists' });
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', message, { status: 409, queryCode: 'DeleteConflict' });
}

export function malformedPolicy(message: string, cause?: unknown): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message, { queryCode: 'MalformedPolicyDocument', cause });
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message, { status: 409, queryCode: 'LimitExceeded' });
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message, { queryCode: 'InvalidInput' });
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** What IAM and STS refuse because it breaks their API models. */
export const { constraint, checkText, checkNumber } = constraintsOf(validationError);
