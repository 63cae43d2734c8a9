import { AwsError } from '@outbox/local-cloud-kernel';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** For requests on items; those on tables name the table. */
export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

export function tableNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** JSON of another form than the operation's. */
export function serialization(message: string): AwsError {
  return new AwsError('SerializationException', message);
}
