import { AwsError } from '@outbox/local-cloud-kernel';

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

/** The form of AWS's own validation of a member. */
export function constraint(member: string, value: unknown, rule: string): AwsError {
  return validationError(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** @throws AwsError ValidationError where a number is out of its range */
export function checkRange(member: string, value: number, min: number, max: number): void {
  if (value < min) throw constraint(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max) throw constraint(member, value, `Member must have value less than or equal to ${max}`);
}

/** @throws AwsError ValidationError where a text is too short or too long */
export function checkLength(member: string, text: string, min: number, max: number): void {
  if (text.length < min) throw constraint(member, text, `Member must have length greater than or equal to ${min}`);
  if (text.length > max) throw constraint(member, text, `Member must have length less than or equal to ${max}`);
}

/** @throws AwsError ValidationError where a text has other signs than it may have; the pattern is for the whole of it */
export function checkPattern(member: string, text: string, pattern: string): void {
  if (!new RegExp(`^(?:${pattern})$`, 'u').test(text)) {
    throw constraint(member, text, `Member must satisfy regular expression pattern: ${pattern}`);
  }
}
