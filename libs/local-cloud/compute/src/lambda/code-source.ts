import type { FunctionCode } from '@aws-sdk/client-lambda';
import { callerVia, toAwsError, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';

/** Members of a request that say where code is. */
export const CODE_SOURCES = ['ZipFile', 'S3Bucket', 'S3Key', 'S3ObjectVersion'];

/** Where code is: in the request, or in an object of S3. */
export type CodeSource = Pick<FunctionCode, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion'>;

/**
 * The zip of a request's code. One in S3 is fetched on behalf of the caller, who needs `s3:GetObject` on it, and lies in the
 * function's region. Source: Lambda API reference, FunctionCode.
 * @throws AwsError InvalidParameterValueException for code that isn't there, AccessDeniedException
 */
export async function readZip(
  engine: Pick<Engine, 'calls'>,
  code: CodeSource,
  context: RequestContext,
): Promise<Uint8Array> {
  const { S3Bucket, S3Key, S3ObjectVersion, ZipFile } = code;
  if (ZipFile && S3Bucket) {
    throw invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  if (ZipFile) return ZipFile;
  if (!S3Bucket || !S3Key) throw invalidParameter('Please provide a source for function code.');
  const as = { caller: callerVia(context.caller, 'lambda', context.region), region: context.region };
  const asked = { Bucket: S3Bucket, Key: S3Key, ...(S3ObjectVersion ? { VersionId: S3ObjectVersion } : {}) };
  try {
    const { Body } = await engine.calls.call('s3', 'GetObject', asked, as);
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (thrown) {
    throw sourceError(thrown);
  }
}

function sourceError(thrown: unknown): Error {
  const error = toAwsError(thrown);
  if (error.fault === 'server' || error.code === 'AccessDeniedException') return error;
  return invalidParameter(
    `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
  );
}
