import { AwsError, type Requirement, type RequestContext } from '@outbox/local-cloud-kernel';
import { accessDenied } from '../errors';
import type { StorageParts } from '../s3';
import type { FoundObject } from './objects';

/** Which object is asked for. */
export interface OnObject {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** An action on an object, which is another one for a version that is asked for: `GetObject`, `GetObjectVersion`. */
export function requiresObject({ buckets, objects }: StorageParts, action: string, input: OnObject): Requirement {
  const { Bucket = '', Key = '', VersionId } = input;
  const [, verb = '', rest = ''] = /^((?:Get|Put|Delete)Object)(.*)$/.exec(action) ?? [];
  const tags = objects.findVersion(Bucket, Key, VersionId)?.content.tags ?? {};
  return buckets.requires(VersionId === undefined ? action : `${verb}Version${rest}`, Bucket, Key, {
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value])),
    ...(VersionId === undefined ? {} : { 's3:VersionId': VersionId }),
  });
}

/**
 * An object for whoever may read it. That there is none is told only to who may list the bucket.
 * Source: S3 API reference, GetObject, "Permissions".
 * @throws AwsError those of `Objects.getVersion`, AccessDenied instead of NoSuchKey
 */
export function findObject(parts: StorageParts, input: OnObject, context: RequestContext): FoundObject {
  const { Bucket = '', Key = '', VersionId } = input;
  try {
    return parts.objects.getVersion(Bucket, Key, VersionId);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey' && !mayList(parts, Bucket, context)) {
      throw accessDenied(
        `User: ${context.caller.arn} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::${Bucket}" because no identity-based policy allows the s3:ListBucket action`,
      );
    }
    throw error;
  }
}

function mayList({ buckets, engine }: StorageParts, bucket: string, context: RequestContext): boolean {
  try {
    const { caller, region } = context;
    engine.identity.authorize(caller, [buckets.requires('ListBucket', bucket)], 's3', 'HeadBucket', region);
    return true;
  } catch {
    return false;
  }
}
