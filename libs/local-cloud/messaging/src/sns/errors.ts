import { AwsError } from '@outbox/local-cloud-kernel';

/** SNS speaks Query alone: the code on the wire is the modelled one without `Exception`. */
function snsError(code: string, message: string, queryCode = code): AwsError {
  return new AwsError(`${code}Exception`, message, { queryCode });
}

/** What SNS says of input it does not take, after `Invalid parameter: `. */
export function invalidParameter(what: string, reason?: string): AwsError {
  const because = reason === undefined ? '' : ` Reason: ${reason}`;
  return snsError('InvalidParameter', `Invalid parameter: ${what}${because}`);
}

/** A message attribute that is not one. */
export function invalidAttributeValue(message: string): AwsError {
  return snsError('InvalidParameterValue', message, 'ParameterValueInvalid');
}

export function topicDoesNotExist(): AwsError {
  return snsError('NotFound', 'Topic does not exist');
}

export function subscriptionDoesNotExist(): AwsError {
  return snsError('NotFound', 'Subscription does not exist');
}

/** What tags are asked of is not there. */
export function resourceDoesNotExist(): AwsError {
  return snsError('ResourceNotFound', 'Resource does not exist');
}

export function tagLimitExceeded(): AwsError {
  return snsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
}

/** A subscription by someone its confirmation keeps from ending it. */
export function unsubscribeNeedsSignature(): AwsError {
  return snsError(
    'AuthorizationError',
    'This subscription was confirmed with AuthenticateOnUnsubscribe: only its owner can end it.',
  );
}

export function emptyBatch(): AwsError {
  return snsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
}

export function tooManyEntries(): AwsError {
  return snsError(
    'TooManyEntriesInBatchRequest',
    'The batch request contains more entries than permissible (more than 10).',
  );
}

export function repeatedEntryId(): AwsError {
  return snsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
}

export function invalidEntryId(): AwsError {
  return snsError(
    'InvalidBatchEntryId',
    "The Id of a batch entry in a batch request doesn't abide by the specification.",
  );
}

export function batchTooLong(): AwsError {
  return snsError('BatchRequestTooLong', 'The length of all the batch messages put together is more than the limit.');
}

/** KMS's answers, under the names SNS gives them. Source: SNS API reference, Publish, "Errors". */
const KMS_ERRORS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDenied',
  DisabledException: 'KMSDisabled',
  KMSInvalidStateException: 'KMSInvalidState',
  NotFoundException: 'KMSNotFound',
};

/** An error of the topic's key as SNS answers it; any other one as it is. */
export function kmsError(error: unknown): unknown {
  const code = error instanceof AwsError ? KMS_ERRORS[error.code] : undefined;
  return code && error instanceof Error ? snsError(code, error.message) : error;
}
