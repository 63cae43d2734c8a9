import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Authorization, Refusal } from './authorization';
import type { WireRequest } from './protocol';
import { unsignedHeaders } from './s3/presigned';

/** How far a signature's time may be from ours. Source: IAM user guide, "Elements of an AWS API request signature". */
const MAX_SKEW_MS = 5 * 60 * 1000;

const EXPIRED = 'Signature expired';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/**
 * Checks a SigV4 signature: scope, time, payload and HMAC.
 * `times` are the clocks a caller may go by: real time, and the engine's, which tests may have moved.
 * Source: IAM user guide, "Create a signed AWS API request".
 */
export function checkSignature(
  request: WireRequest,
  authorization: Authorization,
  secretAccessKey: string,
  service: string,
  times: readonly number[],
): Refusal | undefined {
  if (authorization.service !== service) {
    return { reason: 'mismatch', message: `Credential should be scoped to correct service: '${service}'. ` };
  }
  if (!authorization.timestamp.startsWith(authorization.date)) {
    return {
      reason: 'mismatch',
      message: 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    };
  }
  if (!authorization.signedHeaders.includes('host')) {
    return { reason: 'mismatch', message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization." };
  }
  const late = checkTime(authorization, times);
  // S3 has words of its own for a URL that has expired.
  if (late && isS3(service) && authorization.form === 'presigned' && late.message.startsWith(EXPIRED)) {
    return { reason: 'denied', message: 'Request has expired' };
  }
  if (late) return late;
  const computed = sha256(request.body);
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && declared !== computed && !UNSIGNED.includes(declared)) {
    return {
      reason: 'mismatch',
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    };
  }
  // Source: S3 API reference, "Authenticating requests: using query parameters": a presigned URL covers no payload.
  const payload = declared ?? (isS3(service) && authorization.form === 'presigned' ? 'UNSIGNED-PAYLOAD' : computed);
  const matches = (isS3(service) ? s3Paths(request.path) : canonicalPaths(request.path)).some((path) =>
    equal(signatureOf(request, authorization, secretAccessKey, path, payload), authorization.signature),
  );
  if (!matches) return { reason: 'mismatch', message: MISMATCH };
  return isS3(service) ? unsignedHeaders(request, authorization) : undefined;
}

/** What a request says of its payload when the signature covers none of it; S3's second one is for bodies in chunks. */
const UNSIGNED = ['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'];

function isS3(service: string): boolean {
  return service === 's3';
}

/** S3 signs the path encoded once; clients that leave characters as they are sign them encoded or so. */
function s3Paths(path: string): string[] {
  return [path, path.split('/').map(recode).join('/')];
}

/** The signature a request should have, for one reading of its path. */
function signatureOf(
  request: WireRequest,
  authorization: Scope,
  secretAccessKey: string,
  path: string,
  payloadHash: string,
): string {
  const scope = `${authorization.date}/${authorization.region}/${authorization.service}/aws4_request`;
  const canonical = canonicalRequest(request, authorization, path, payloadHash);
  const toSign = `AWS4-HMAC-SHA256\n${authorization.timestamp}\n${scope}\n${sha256(canonical)}`;
  return createHmac('sha256', signingKey(secretAccessKey, authorization)).update(toSign).digest('hex');
}

/** The `Authorization` header of a request that has none yet; it signs the headers named in `scope`. */
export function authorizationHeader(
  request: WireRequest,
  accessKeyId: string,
  secretAccessKey: string,
  scope: Scope,
): string {
  const [path = request.path] = canonicalPaths(request.path);
  const signature = signatureOf(request, scope, secretAccessKey, path, sha256(request.body));
  const credential = `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${scope.signedHeaders.join(';')}, Signature=${signature}`;
}

type Scope = Pick<Authorization, 'date' | 'region' | 'service' | 'signedHeaders' | 'timestamp'>;

function checkTime(authorization: Authorization, times: readonly number[]): Refusal | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(authorization.timestamp) ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt))
    return {
      reason: 'incomplete',
      message: `Date must be in ISO-8601 'basic format'. Got '${authorization.timestamp}'.`,
    };
  const lifetime = authorization.expiresSeconds === undefined ? MAX_SKEW_MS : authorization.expiresSeconds * 1000;
  if (times.some((now) => now <= signedAt + lifetime && now >= signedAt - MAX_SKEW_MS)) return undefined;
  const now = times[0] ?? signedAt;
  if (now < signedAt) {
    return {
      reason: 'mismatch',
      message: `Signature not yet current: ${authorization.timestamp} is still later than ${basic(now + MAX_SKEW_MS)} (${basic(now)} + 5 min.)`,
    };
  }
  return {
    reason: 'mismatch',
    message: `${EXPIRED}: ${authorization.timestamp} is now earlier than ${basic(now - lifetime)} (${basic(now)} - ${lifetime / 60_000} min.)`,
  };
}

function canonicalRequest(request: WireRequest, authorization: Scope, path: string, payloadHash: string): string {
  const headers = authorization.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    request.method,
    path,
    canonicalQuery(request.queryString),
    headers.join(''),
    authorization.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/**
 * Every service but S3 signs the path encoded once more than it is sent. SDKs differ in whether they remove empty and
 * dot segments first, so both readings of such a path are good.
 */
function canonicalPaths(path: string): string[] {
  const encoded = escape(path);
  if (!/\/\/|\/\./.test(path)) return [encoded];
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const normalised = `/${kept.join('/')}${path.endsWith('/') && kept.length > 0 ? '/' : ''}`;
  return [encoded, escape(normalised)];
}

function canonicalQuery(queryString: string): string {
  if (queryString === '') return '';
  return queryString
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [recode(name), recode(value)] as const;
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function recode(text: string): string {
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    // A stray percent sign stands for itself: whoever signed it saw it like that.
  }
  return escape(decoded, true);
}

function escape(text: string, slash = false): string {
  const encoded = encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return slash ? encoded : encoded.replace(/%2F/g, '/');
}

/** A key is good for a day, a region and a service; most requests come with a few of them. */
const keys = new Map<string, Buffer>();
const KEPT_KEYS = 1_000;

function signingKey(secret: string, { date, region, service }: Scope): Buffer {
  const id = [secret, date, region, service].join('/');
  const known = keys.get(id);
  if (known) return known;
  let key = hmac(`AWS4${secret}`, date);
  for (const part of [region, service, 'aws4_request']) key = hmac(key, part);
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(id, key);
  return key;
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
