import { AwsError, constraintsOf } from '@outbox/local-cloud-kernel';

/** The input breaks a rule AWS says in words of its own. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** What CloudWatch refuses because it breaks its API model. */
export const { constraint, checkText, checkOneOf, checkNumber, checkCount } = constraintsOf(validation);

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
