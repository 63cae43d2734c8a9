import { AwsError } from '@outbox/local-cloud-kernel';

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

/** The form of AWS's own validation of a member. */
export function constraint(member: string, value: unknown, rule: string): AwsError {
  return validation(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

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
