import { AwsError } from '@outbox/local-cloud-kernel';

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function busNotFound(name: string): AwsError {
  return resourceNotFound(`Event bus ${name} does not exist.`);
}

export function ruleNotFound(rule: string, bus: string): AwsError {
  return resourceNotFound(`Rule ${rule} does not exist on EventBus ${bus}.`);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `${what} already exists.`);
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** EventBridge's wording for a parameter whose value makes no sense. */
export function invalidParameter(name: string, reason: string): AwsError {
  return validation(`Parameter ${name} is not valid. Reason: ${reason}`);
}

export function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

export function policyTooLong(): AwsError {
  return new AwsError('PolicyLengthExceededException', 'The event bus policy is too long.');
}

export function illegalStatus(message: string): AwsError {
  return new AwsError('IllegalStatusException', message);
}
