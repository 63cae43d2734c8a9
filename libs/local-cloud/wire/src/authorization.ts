import type { WireRequest } from './protocol';

/** How a request says who signed it: the `Authorization` header or the `X-Amz-*` query parameters of a presigned URL. */
export interface Authorization {
  readonly form: 'header' | 'presigned';
  readonly accessKeyId: string;
  /** `YYYYMMDD`, region and service of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly timestamp: string;
  /** Presigned only: how long the URL is good for. */
  readonly expiresSeconds: number | undefined;
  readonly sessionToken: string | undefined;
}

/** Why a request is not believed, in AWS's wording. */
export interface Refusal {
  readonly reason: 'missing' | 'incomplete' | 'unknown-key' | 'expired-key' | 'mismatch' | 'denied';
  readonly message: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Reads the credentials' part of a request without checking anything but its form. */
export function parseAuthorization(request: WireRequest): Authorization | Refusal {
  const header = request.headers['authorization'];
  if (header !== undefined) return fromHeader(header, request);
  const query = new URLSearchParams(request.queryString);
  if (query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')) return fromQuery(query);
  return { reason: 'missing', message: 'Missing Authentication Token' };
}

function fromHeader(header: string, request: WireRequest): Authorization | Refusal {
  if (!header.startsWith(`${ALGORITHM} `))
    return { reason: 'incomplete', message: `Unsupported AWS 'algorithm': '${header.split(' ')[0] ?? ''}'.` };
  const fields = new Map<string, string>();
  for (const part of header.slice(ALGORITHM.length + 1).split(',')) {
    const [name = '', ...value] = part.trim().split('=');
    fields.set(name, value.join('='));
  }
  const problems: string[] = [];
  const need = (name: string): string => {
    const value = fields.get(name);
    if (!value) problems.push(`Authorization header requires '${name}' parameter.`);
    return value ?? '';
  };
  const credential = need('Credential');
  const signature = need('Signature');
  const signedHeaders = need('SignedHeaders');
  const timestamp = request.headers['x-amz-date'] ?? basicDate(request.headers['date']);
  if (!timestamp) problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (problems.length > 0) return { reason: 'incomplete', message: `${problems.join(' ')} Authorization=${ALGORITHM}` };
  return complete(
    'header',
    credential,
    signedHeaders,
    signature,
    timestamp,
    undefined,
    request.headers['x-amz-security-token'],
  );
}

/**
 * A `Date` header counts where there is no `X-Amz-Date`: in the basic form, or as HTTP writes dates.
 * Source: IAM user guide, "Elements of an AWS API request signature"; AWS's SigV4 test suite for HTTP's form.
 */
function basicDate(header: string | undefined): string | undefined {
  if (header === undefined || !/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/.test(header)) return header;
  const time = Date.parse(header);
  return Number.isNaN(time) ? header : new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function fromQuery(query: URLSearchParams): Authorization | Refusal {
  const names = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'];
  const absent = names.filter((name) => !query.get(name));
  if (absent.length > 0) {
    return {
      reason: 'incomplete',
      message: absent.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '),
    };
  }
  if (query.get('X-Amz-Algorithm') !== ALGORITHM)
    return { reason: 'incomplete', message: `Unsupported AWS 'algorithm'.` };
  const expires = Number(query.get('X-Amz-Expires') ?? '300');
  if (!Number.isInteger(expires) || expires < 1 || expires > 604_800) {
    return { reason: 'incomplete', message: 'X-Amz-Expires must be between 1 and 604800 seconds' };
  }
  return complete(
    'presigned',
    query.get('X-Amz-Credential') ?? '',
    query.get('X-Amz-SignedHeaders') ?? '',
    query.get('X-Amz-Signature') ?? '',
    query.get('X-Amz-Date') ?? '',
    expires,
    query.get('X-Amz-Security-Token') ?? undefined,
  );
}

function complete(
  form: Authorization['form'],
  credential: string,
  signedHeaders: string,
  signature: string,
  timestamp: string | undefined,
  expiresSeconds: number | undefined,
  sessionToken: string | undefined,
): Authorization | Refusal {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || rest.length > 0) {
    return {
      reason: 'incomplete',
      message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    };
  }
  if (!timestamp || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    return { reason: 'incomplete', message: `Date must be in ISO-8601 'basic format'. Got '${timestamp ?? ''}'.` };
  }
  return {
    form,
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    timestamp,
    expiresSeconds,
    sessionToken,
  };
}
