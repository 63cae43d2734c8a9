import { AwsError, constraintsOf } from '@outbox/local-cloud-kernel';

/** The input breaks a rule AWS says in words of its own. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** What Parameter Store refuses because it breaks its API model. */
export const { constraint, checkText, checkOneOf, checkNumber, checkCount } = constraintsOf();

export function parameterNotFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

export function versionNotFound(name: string, selector: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );
}

export function invalidKeyId(message: string, cause?: unknown): AwsError {
  return new AwsError('InvalidKeyId', message, { cause });
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}

export function invalidFilter(
  code: 'InvalidFilterKey' | 'InvalidFilterOption' | 'InvalidFilterValue',
  message: string,
) {
  return new AwsError(code, message);
}
