import { AwsError } from '@outbox/local-cloud-kernel';

/** The input breaks a rule of its shape; wording as AWS's validation has it. */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** The input breaks a rule AWS says in words of its own. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** @throws AwsError unless the value is one of those AWS knows. */
export function checkOneOf(value: string | undefined, member: string, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw constraint(value, member, `Member must satisfy enum value set: [${known.join(', ')}]`);
}

/** A value that is not allowed, where AWS has an error of its own for it. */
export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

/** Members that exclude each other. */
export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message, { queryCode: 'InvalidParameterCombination' });
}

/** A member that must be there. */
export function missingParameter(message: string): AwsError {
  return new AwsError('MissingRequiredParameterException', message, { queryCode: 'MissingParameter' });
}

/** Something that is named and isn't there. */
export function resourceNotFound(message = 'Unknown'): AwsError {
  return new AwsError('ResourceNotFound', message, { status: 404 });
}

/** A token no earlier answer gave. */
export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The next token specified is invalid.');
}
