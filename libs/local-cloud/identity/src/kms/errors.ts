import { AwsError, constraintsOf } from '@outbox/local-cloud-kernel';

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}

export function keyDisabled(arn: string): AwsError {
  return new AwsError('DisabledException', `${arn} is disabled.`);
}

export function invalidState(message: string): AwsError {
  return new AwsError('KMSInvalidStateException', message);
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** What KMS refuses because it breaks its API model. */
export const { constraint, checkText, checkOneOf, checkNumber } = constraintsOf();

export function alreadyExists(message: string): AwsError {
  return new AwsError('AlreadyExistsException', message);
}

export function malformedPolicy(message: string, cause?: unknown): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message, { cause });
}

export function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}

export function incorrectKey(): AwsError {
  return new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}

/** What can't be done to a key AWS manages; AWS's policy of such a key doesn't allow it to anybody. */
export function awsManaged(arn: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `You are not authorized to perform this operation on ${arn}: it is managed by AWS.`,
  );
}
