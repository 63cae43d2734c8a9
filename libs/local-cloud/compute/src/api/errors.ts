import { AwsError } from '@outbox/local-cloud-kernel';

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, { status: 400 });
}

export function notFound(what: string, id: string | undefined): AwsError {
  return new AwsError('NotFoundException', `Invalid ${what} identifier specified ${id ?? ''}`, { status: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}
