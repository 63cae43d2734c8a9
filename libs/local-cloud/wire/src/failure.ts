import type { AwsError } from '@outbox/local-cloud-kernel';
import { encodeValue, type PlainFormat } from './encode';
import type { ErrorModel, ServiceModel } from './model';

/**
 * Codes every AWS service may answer, by their JSON name, and what the Query protocol calls them.
 * Source: the "Common Errors" page of the services' API references.
 */
const COMMON_QUERY_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ExpiredTokenException: 'ExpiredToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  SerializationException: 'MalformedInput',
  ThrottlingException: 'Throttling',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ValidationException: 'ValidationError',
};

/** An error with all that protocols answer differently. */
export interface Failure {
  readonly code: string;
  readonly queryCode: string;
  readonly message: string;
  readonly fault: 'Sender' | 'Receiver';
  readonly model: ErrorModel | undefined;
}

/** Looks the error up in the service's model, be it thrown by its shape's name or by its Query code. */
export function failureOf(service: ServiceModel | undefined, error: AwsError): Failure {
  const model = service?.error(error.code) ?? (error.queryCode ? service?.error(error.queryCode) : undefined);
  const code = model?.name ?? error.code;
  return {
    code,
    queryCode: error.queryCode ?? model?.queryCode ?? COMMON_QUERY_CODES[code] ?? code,
    message: error.message,
    fault: error.fault === 'server' ? 'Receiver' : 'Sender',
    model,
  };
}

/** The status Query services answer: their model's; 403 for what concerns the caller's identity. */
export function queryStatus({ model, queryCode }: Failure): number {
  return model?.status ?? (FORBIDDEN.has(queryCode) ? 403 : 400);
}

const FORBIDDEN = new Set([
  'AccessDenied',
  'ExpiredToken',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
]);

/**
 * The members of an error as plain data: its message under the name the model has for it, and whatever else it carries.
 * Without a format its members are plain already.
 */
export function failureBody(failure: Failure, error: AwsError, format?: PlainFormat): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  let messageName = 'message';
  for (const [name, member] of failure.model?.schema.structIterator() ?? []) {
    const wireName = member.getMergedTraits().jsonName ?? name;
    const value = error.members[name];
    if (name.toLowerCase() === 'message') messageName = wireName;
    else if (value !== undefined && value !== null)
      body[wireName] = format ? encodeValue(member, value, format) : value;
    else if (name === 'Type') body[wireName] = failure.fault === 'Sender' ? 'User' : 'Service';
  }
  body[messageName] = failure.message;
  return body;
}
