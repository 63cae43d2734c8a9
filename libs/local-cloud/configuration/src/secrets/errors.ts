import { AwsError, constraintsOf } from '@outbox/local-cloud-kernel';

/** What Secrets Manager refuses because it breaks its API model. */
export const { checkText, checkNumber, checkCount } = constraintsOf();

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** What the state of a secret doesn't allow. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function notFound(what = 'the specified secret.'): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}`);
}

export function exists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message);
}

export function markedForDeletion(): AwsError {
  return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The NextToken value is not valid.');
}
