import { AwsError } from '@outbox/local-cloud-kernel';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function tableNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

export function indexNotFound(name: string, table: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Index: ${name} of table ${table} not found`,
  );
}

export function tableIsMissing(name: string): AwsError {
  return new AwsError('TableNotFoundException', `Table not found: ${name}`);
}
