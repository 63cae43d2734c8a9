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

/** @throws AwsError ValidationException where a number is out of its range */
export function checkRange(member: string, value: number, min: number, max: number): void {
  if (value < min) throw constraint(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max) throw constraint(member, value, `Member must have value less than or equal to ${max}`);
}

/** What can't be done to a key AWS manages; AWS's policy of such a key doesn't allow it to anybody. */
export function awsManaged(arn: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `You are not authorized to perform this operation on ${arn}: it is managed by AWS.`,
  );
}
