import { AwsError } from '@outbox/local-cloud-kernel';

/** Source of codes, statuses and texts: S3 API reference, "List of error codes". */
function error(code: string, status: number, message: string, members: Record<string, unknown> = {}): AwsError {
  return new AwsError(code, message, { status, members });
}

export function noSuchBucket(name: string): AwsError {
  return error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
}

/** What a request asks HEAD for has no body that could name it. */
export function notFound(headers: Readonly<Record<string, string>> = {}): AwsError {
  return error('NotFound', 404, 'Not Found', { headers });
}

/** @param marker the id of the delete marker that is there instead */
export function noSuchKey(key: string, marker?: string): AwsError {
  return error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key, headers: markerHeaders(marker) });
}

export function markerHeaders(versionId: string | undefined): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId };
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  return error('NoSuchVersion', 404, 'The specified version does not exist.', { Key: key, VersionId: versionId });
}

export function methodNotAllowed(message: string, headers: Readonly<Record<string, string>> = {}): AwsError {
  return error('MethodNotAllowed', 405, message, { headers });
}

/** A setting that a bucket doesn't have. */
export function noSuchSetting(code: string, message: string, bucket: string): AwsError {
  return error(code, 404, message, { BucketName: bucket });
}

export function invalidArgument(message: string, name: string, value: string): AwsError {
  return error('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });
}

export function invalidRequest(message: string): AwsError {
  return error('InvalidRequest', 400, message);
}

export function malformedXml(): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return error('MalformedXML', 400, message);
}

export function refused(code: string, status: number, message: string): AwsError {
  return error(code, status, message);
}

export function accessDenied(message = 'Access Denied'): AwsError {
  return error('AccessDenied', 403, message);
}

export function invalidDigest(contentMd5: string): AwsError {
  const message = 'The Content-MD5 you specified was invalid.';
  return error('InvalidDigest', 400, message, { 'Content-MD5': contentMd5 });
}

/** @param headers which object it is: a client finds what it has by its entity tag (RFC 9110, 15.4.5) */
export function notModified(headers: Readonly<Record<string, string>>): AwsError {
  return error('NotModified', 304, 'Not Modified', { headers });
}

export function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return error('PreconditionFailed', 412, message, { Condition: condition });
}
