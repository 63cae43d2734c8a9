import { notModified, preconditionFailed, refused } from '../errors';
import type { FoundObject } from './objects';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

export const READ_CONDITIONS = ['IfMatch', 'IfNoneMatch', 'IfModifiedSince', 'IfUnmodifiedSince'];

/**
 * Source: RFC 9110, 13.2.2, which S3 follows: an entity tag that is asked for counts before a time.
 * @throws AwsError NotModified, PreconditionFailed
 */
export function checkReadConditions(found: FoundObject, asked: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = asked;
  // HTTP's times have no fractions.
  const at = Math.floor(found.at / 1000) * 1000;
  if (IfMatch !== undefined && !matches(IfMatch, found.content.etag)) throw preconditionFailed('If-Match');
  if (IfMatch === undefined && IfUnmodifiedSince && at > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const isSame = IfNoneMatch !== undefined && matches(IfNoneMatch, found.content.etag);
  const isOlder = IfNoneMatch === undefined && IfModifiedSince !== undefined && at <= IfModifiedSince.getTime();
  if (isSame || isOlder) {
    throw notModified({ ETag: found.content.etag, 'Last-Modified': new Date(at).toUTCString() });
  }
}

/**
 * Source: S3 user guide, "How to prevent object overwrites with conditional writes".
 * @throws AwsError PreconditionFailed; NoSuchKey where an object was to be replaced that isn't there
 */
export function checkWriteConditions(
  current: FoundObject | undefined,
  key: string,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
  missing: (key: string) => Error,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw refused('NotImplemented', 501, 'If-None-Match takes the value * only');
    if (current) throw preconditionFailed('If-None-Match');
  }
  if (IfMatch === undefined) return;
  if (!current) throw missing(key);
  if (!matches(IfMatch, current.content.etag)) throw preconditionFailed('If-Match');
}

/** Whether an entity tag is among those of a header, which clients write with quotes and without. */
export function matches(header: string, etag: string): boolean {
  const bare = (text: string): string => text.trim().replace(/^(W\/)?"|"$/g, '');
  return header.trim() === '*' || header.split(',').some((one) => bare(one) === bare(etag));
}
