import type { Authorization, Refusal } from '../authorization';
import type { WireRequest } from '../protocol';

/** What a presigned URL says of its signature. */
const OF_SIGNATURE: ReadonlySet<string> = new Set(
  ['algorithm', 'credential', 'date', 'expires', 'signedheaders', 'signature', 'security-token'].map(
    (name) => `x-amz-${name}`,
  ),
);

/**
 * What counts as a header only: SDKs sign the checksum of a body that they don't have yet, which S3 overlooks, and leave
 * encryption out of the query. Source: https://github.com/aws/aws-sdk-go-v2/issues/2610, which shows what S3 does.
 */
const HEADERS_ONLY = /^x-amz-(checksum-|sdk-checksum-|server-side-encryption)/;

/**
 * A request of S3 with the headers that its presigned URL holds as parameters, where SDKs put whatever `x-amz-…` was
 * signed. Source: S3 API reference, "Authenticating requests: using query parameters".
 */
export function takeHeadersOfQuery(request: WireRequest): WireRequest {
  const query = new URLSearchParams(request.queryString);
  if (!query.has('X-Amz-Signature')) return request;
  const pairs = [...query].map(([name, value]) => [name.toLowerCase(), value] as const);
  const held = pairs.filter(
    ([name]) => name.startsWith('x-amz-') && !OF_SIGNATURE.has(name) && !HEADERS_ONLY.test(name),
  );
  return { ...request, headers: { ...request.headers, ...Object.fromEntries(held) } };
}

/**
 * Whether a request of S3 has headers that its signature doesn't cover: each could change what the signer meant, an
 * object's copy instead of its bytes. The digest of the body is checked by itself.
 * Source: S3 API reference, "Signature calculations for the Authorization header", on `x-amz-*`.
 */
export function unsignedHeaders(request: WireRequest, { signedHeaders }: Authorization): Refusal | undefined {
  const isCovered = (name: string): boolean =>
    !name.startsWith('x-amz-') || name === 'x-amz-content-sha256' || signedHeaders.includes(name);
  if (Object.keys(request.headers).every(isCovered)) return undefined;
  return { reason: 'denied', message: 'There were headers present in the request which were not signed' };
}
