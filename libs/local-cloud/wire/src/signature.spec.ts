import type { Authorization } from './authorization';
import { parseAuthorization } from './authorization';
import type { WireRequest } from './protocol';
import { authorizationHeader, checkSignature } from './signature';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const AT = Date.parse('2015-08-30T12:36:00Z');

function request(given: Partial<WireRequest>): WireRequest {
  return {
    method: 'GET',
    path: '/',
    queryString: '',
    body: Buffer.alloc(0),
    ...given,
    headers: { host: 'example.amazonaws.com', ...given.headers },
  };
}

function signed(
  given: Partial<WireRequest>,
  signedHeaders: string,
  signature: string,
  service = 'service',
): WireRequest {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return request({ ...given, headers: { 'x-amz-date': '20150830T123600Z', ...given.headers, authorization } });
}

function check(sent: WireRequest, service = 'service', secret = SECRET, times = [AT]): string {
  const authorization = parseAuthorization(sent);
  if ('reason' in authorization) return `${authorization.reason}: ${authorization.message}`;
  const refusal = checkSignature(sent, authorization, secret, service, times);
  return refusal ? `${refusal.reason}: ${refusal.message}` : 'good';
}

/** Of AWS's Signature Version 4 test suite and of the IAM and S3 user guides. */
const VECTORS: [name: string, service: string, sent: WireRequest][] = [
  [
    'get-vanilla',
    'service',
    signed({}, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  ],
  [
    'get-vanilla-query-order-key-case',
    'service',
    signed(
      { queryString: 'Param2=value2&Param1=value1' },
      'host;x-amz-date',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ),
  ],
  [
    'post-x-www-form-urlencoded',
    'service',
    signed(
      {
        method: 'POST',
        body: Buffer.from('Param1=value1'),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      'content-type;host;x-amz-date',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ),
  ],
  [
    'IAM ListUsers',
    'iam',
    signed(
      {
        queryString: 'Action=ListUsers&Version=2010-05-08',
        headers: { host: 'iam.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      },
      'content-type;host;x-amz-date',
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
      'iam',
    ),
  ],
];

const PRESIGNED = request({
  path: '/test.txt',
  queryString:
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host: 'examplebucket.s3.amazonaws.com', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
});

describe('a signature', () => {
  test.each(VECTORS)('of %s is recognised', (_name, service, sent) => {
    expect(check(sent, service)).toBe('good');
  });

  it('in a presigned URL is good until it expires', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const at = Date.parse('2013-05-24T23:59:59Z');
    expect(check(PRESIGNED, 's3', secret, [at])).toBe('good');
    expect(check(PRESIGNED, 's3', secret, [at + 2_000])).toBe('denied: Request has expired');
    expect(check({ ...PRESIGNED, path: '/test2.txt' }, 's3', secret, [at])).toMatch(/^mismatch: The request signature/);
  });

  const [, , vanilla] = VECTORS[0] ?? ['', '', request({})];
  const header = vanilla.headers['authorization'] ?? '';

  it.each([
    ['another secret', () => check(vanilla, 'service', 'other')],
    ['another path', () => check({ ...vanilla, path: '/a' })],
    ['another query', () => check({ ...vanilla, queryString: 'a=b' })],
    ['another method', () => check({ ...vanilla, method: 'POST' })],
    ['another body', () => check({ ...vanilla, body: Buffer.from('x') })],
    ['another signed header', () => check({ ...vanilla, headers: { ...vanilla.headers, host: 'evil' } })],
    ['another service', () => check(vanilla, 'sqs')],
    [
      'a false payload hash',
      () => check({ ...vanilla, headers: { ...vanilla.headers, 'x-amz-content-sha256': 'a'.repeat(64) } }),
    ],
    [
      'a shorter signature',
      () => check({ ...vanilla, headers: { ...vanilla.headers, authorization: header.slice(0, -1) } }),
    ],
    ['a host that is not signed', () => check(signed({}, 'x-amz-date', '0'.repeat(64)))],
  ])('with %s is a mismatch', (_what, verdict) => {
    expect(verdict()).toMatch(/^mismatch: /);
  });

  it('is good five minutes around any of the clocks, and not beyond', () => {
    const minutes = (count: number): number => AT + count * 60_000;
    expect(check(vanilla, 'service', SECRET, [minutes(4.9)])).toBe('good');
    expect(check(vanilla, 'service', SECRET, [minutes(-4.9)])).toBe('good');
    expect(check(vanilla, 'service', SECRET, [minutes(60), minutes(1)])).toBe('good');
    expect(check(vanilla, 'service', SECRET, [minutes(5.1)])).toBe(
      'mismatch: Signature expired: 20150830T123600Z is now earlier than 20150830T123606Z (20150830T124106Z - 5 min.)',
    );
    expect(check(vanilla, 'service', SECRET, [minutes(-5.1)])).toMatch(
      /^mismatch: Signature not yet current: 20150830T123600Z/,
    );
  });

  it('covers a path as it was sent, encoded once more', () => {
    const scope: Pick<Authorization, 'date' | 'region' | 'service' | 'signedHeaders' | 'timestamp'> = {
      date: '20150830',
      region: 'us-east-1',
      service: 'lambda',
      signedHeaders: ['host', 'x-amz-date'],
      timestamp: '20150830T123600Z',
    };
    const sent = request({ path: '/functions/arn%3Aaws%3Alambda/$x', headers: { 'x-amz-date': '20150830T123600Z' } });
    const authorization = authorizationHeader(sent, 'AKIDEXAMPLE', SECRET, scope);
    expect(check({ ...sent, headers: { ...sent.headers, authorization } }, 'lambda')).toBe('good');
    expect(
      check({ ...sent, path: '/functions/arn:aws:lambda/$x', headers: { ...sent.headers, authorization } }, 'lambda'),
    ).toMatch(/^mismatch/);
  });

  it.each([
    ['an HTTP date', 'Sun, 30 Aug 2015 12:36:00 GMT'],
    ['the basic form', '20150830T123600Z'],
  ])('may say its time in Date only, as %s', (_, date) => {
    const scope = {
      date: '20150830',
      region: 'us-east-1',
      service: 'service',
      signedHeaders: ['date', 'host'],
      timestamp: '20150830T123600Z',
    };
    const sent = request({ headers: { date } });
    const authorization = authorizationHeader(sent, 'AKIDEXAMPLE', SECRET, scope);
    const headers = { ...sent.headers, authorization };
    expect(check({ ...sent, headers })).toBe('good');
    expect(check({ ...sent, headers: { ...headers, date: 'Sun, 30 Aug 2015 12:36:01 GMT' } })).toMatch(/^mismatch/);
    // X-Amz-Date goes first.
    expect(check({ ...sent, headers: { ...headers, 'x-amz-date': '20150830T124600Z' } })).toMatch(/^mismatch/);
    expect(check({ ...sent, headers: { ...headers, date: 'yesterday' } })).toBe(
      "incomplete: Date must be in ISO-8601 'basic format'. Got 'yesterday'.",
    );
    expect(check(request({ headers: { authorization } }))).toContain("either a 'X-Amz-Date' or a 'Date' header");
  });

  it.each([
    ['', 'incomplete: Unsupported AWS'],
    ['Bearer x', "incomplete: Unsupported AWS 'algorithm': 'Bearer'"],
    ['AWS4-HMAC-SHA256 Credential=a/b', "incomplete: Authorization header requires 'Signature' parameter."],
    ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c', 'incomplete: Credential must have exactly 5'],
    ['AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=c', 'incomplete: Date must be'],
  ])('can not be read from %j', (authorization, verdict) => {
    expect(check(request({ headers: { authorization, 'x-amz-date': 'yesterday' } }))).toContain(verdict);
  });

  it('is asked for when there is none', () => {
    expect(check(request({}))).toBe('missing: Missing Authentication Token');
  });
});
