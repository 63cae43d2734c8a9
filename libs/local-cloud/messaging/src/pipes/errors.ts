import { AwsError } from '@outbox/local-cloud-kernel';

export function pipeNotFound(name: string): AwsError {
  return new AwsError('NotFoundException', `Pipe ${name} does not exist.`, { status: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}

/** What Pipes answers for a request it can't run; `field` is the member at fault. */
export function invalid(field: string, message: string): AwsError {
  return new AwsError('ValidationException', message, { members: { fieldList: [{ name: field, message }] } });
}

/** Why an execution of a pipe failed; the step is the one its log names. */
export class ExecutionError extends Error {
  constructor(
    readonly step:
      'ENRICHMENT_TRANSFORMATION' | 'ENRICHMENT_INVOCATION' | 'TARGET_TRANSFORMATION' | 'TARGET_INVOCATION',
    message: string,
    readonly awsService?: string,
    readonly httpStatusCode?: number,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'ExecutionError';
  }

  /** The stage that the step belongs to. */
  get stage(): 'ENRICHMENT' | 'TARGET' {
    return this.step.startsWith('ENRICHMENT') ? 'ENRICHMENT' : 'TARGET';
  }
}

/** An execution that took longer than one may. */
export class ExecutionTimeout extends Error {
  override readonly name = 'ExecutionTimeout';
}
