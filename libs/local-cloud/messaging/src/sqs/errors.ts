import { AwsError } from '@outbox/local-cloud-kernel';

/** SQS keeps two codes per error: the modelled one and the one of its old Query protocol, which SDKs still show. */
function sqsError(code: string, message: string, queryCode = `AWS.SimpleQueueService.${code}`): AwsError {
  return new AwsError(code, message, { queryCode });
}

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
    queryMessage: 'The specified queue does not exist for this wsdl version.',
  });
}

export function invalidParameter(message: string): AwsError {
  return sqsError('InvalidParameterValueException', message, 'InvalidParameterValue');
}

/** The form AWS uses for numbers out of range and the like. */
export function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
  return invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(name: string): AwsError {
  return sqsError(
    'MissingRequiredParameterException',
    `The request must contain the parameter ${name}.`,
    'MissingParameter',
  );
}

export function invalidAddress(address: string): AwsError {
  return sqsError('InvalidAddress', `The address ${address} is not valid for this endpoint.`, 'InvalidAddress');
}

export function unknownAttribute(name: string): AwsError {
  return misplacedAttribute(`Unknown Attribute ${name}.`);
}

/** An attribute that this kind of queue doesn't have, or that excludes another one. */
export function misplacedAttribute(message: string): AwsError {
  return sqsError('InvalidAttributeName', message, 'InvalidAttributeName');
}

export function invalidAttribute(name: string): AwsError {
  return invalidAttributeBecause(`Invalid value for the parameter ${name}.`);
}

export function invalidAttributeBecause(message: string): AwsError {
  return sqsError('InvalidAttributeValue', message, 'InvalidAttributeValue');
}

export function queueNameExists(attribute: string): AwsError {
  return sqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    'QueueAlreadyExists',
  );
}

export function queueDeletedRecently(): AwsError {
  return sqsError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );
}

export function purgeInProgress(name: string): AwsError {
  return sqsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`);
}

export function receiptHandleInvalid(handle: string): AwsError {
  return sqsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    'ReceiptHandleIsInvalid',
  );
}

export function listValuesUnsupported(): AwsError {
  return sqsError('UnsupportedOperation', 'Message attribute list values in SendMessage operation are not supported.');
}

export function overLimit(): AwsError {
  return sqsError('OverLimit', 'The maximum number of in flight messages is reached.', 'OverLimit');
}

export function tooManyActions(count: number, most: number): AwsError {
  return sqsError('OverLimit', `${count} actions were given, a statement has at most ${most}.`, 'OverLimit');
}

export function invalidMessageContents(): AwsError {
  return sqsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    'InvalidMessageContents',
  );
}

/** KMS's answers, under the names SQS gives them. Source: SQS API reference, SendMessage, "Errors". */
const KMS_ERRORS: Readonly<Record<string, readonly [code: string, queryCode: string]>> = {
  AccessDeniedException: ['KmsAccessDenied', 'KMS.AccessDeniedException'],
  DisabledException: ['KmsDisabled', 'KMS.DisabledException'],
  KMSInvalidStateException: ['KmsInvalidState', 'KMS.InvalidStateException'],
  NotFoundException: ['KmsNotFound', 'KMS.NotFoundException'],
};

/** An error of the queue's key as SQS answers it; any other one as it is. */
export function kmsError(error: unknown): unknown {
  const names = error instanceof AwsError ? KMS_ERRORS[error.code] : undefined;
  return names && error instanceof Error ? sqsError(names[0], error.message, names[1]) : error;
}

export function emptyBatch(entryType: string): AwsError {
  return sqsError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
}

export function tooManyEntries(count: number): AwsError {
  return sqsError(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
  );
}

export function repeatedEntryId(id: string): AwsError {
  return sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
}

export function invalidEntryId(): AwsError {
  return sqsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
}

export function batchTooLong(bytes: number, limit: number): AwsError {
  return sqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
  );
}

export function unsupportedMove(message: string): AwsError {
  return sqsError('UnsupportedOperation', message);
}

export function resourceNotFound(message: string): AwsError {
  return sqsError('ResourceNotFoundException', message, 'ResourceNotFoundException');
}
