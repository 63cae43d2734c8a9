import { createHash } from 'node:crypto';
import type { ObjectHeaders, ObjectVersion } from '../model';

/** Headers that an object is put with, as inputs have them. */
export interface HeaderOptions {
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Expires?: Date | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}

/** Members of inputs that `readHeaders` reads. */
export const HEADER_OPTIONS = [
  ...['ContentType', 'CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'Expires'],
  'WebsiteRedirectLocation',
];

/** Headers to keep with an object. */
export function readHeaders(input: HeaderOptions): ObjectHeaders {
  const { CacheControl, ContentDisposition, ContentLanguage, Expires, WebsiteRedirectLocation } = input;
  const ContentEncoding = withoutChunks(input.ContentEncoding);
  return {
    ContentType: input.ContentType ?? 'application/octet-stream',
    ...(CacheControl === undefined ? {} : { CacheControl }),
    ...(ContentDisposition === undefined ? {} : { ContentDisposition }),
    ...(ContentEncoding === undefined ? {} : { ContentEncoding }),
    ...(ContentLanguage === undefined ? {} : { ContentLanguage }),
    ...(Expires === undefined ? {} : { Expires: Expires.getTime() }),
    ...(WebsiteRedirectLocation === undefined ? {} : { WebsiteRedirectLocation }),
  };
}

/** Headers as outputs have them. */
export function describeHeaders({ Expires, ...headers }: ObjectHeaders) {
  return { ...headers, ...(Expires === undefined ? {} : { Expires: new Date(Expires) }) };
}

/** The id of a version as outputs have it, none where the bucket isn't versioned. */
export function describeVersionId({ versionId }: Pick<ObjectVersion, 'versionId'>, versioning: string | undefined) {
  return versioning === undefined ? {} : { VersionId: versionId };
}

/** An entity tag, with its quotes. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** `aws-chunked` says how a request was sent, not how its object is encoded. */
function withoutChunks(encoding: string | undefined): string | undefined {
  const kept = encoding?.split(',').filter((each) => each.trim() !== 'aws-chunked');
  return kept === undefined || kept.length === 0 ? undefined : kept.join(',');
}
