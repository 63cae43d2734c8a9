import { AwsError } from '@outbox/local-cloud-kernel';

export function notFound(what: 'group' | 'stream' | 'policy'): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `The specified ${what === 'policy' ? 'resource policy' : `log ${what}`} does not exist.`,
  );
}

export function alreadyExists(what: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
