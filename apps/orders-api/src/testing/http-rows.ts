type Line = readonly [name: string, value: string];

/** One thing that the specification says, and what the API does about it. */
export interface Row {
  readonly source: string;
  readonly what: string;
  /** The request's route; the order is at version 1 when it comes. */
  readonly route: 'POST /orders' | 'PATCH /orders/{orderId}' | 'GET /orders/{orderId}' | 'HEAD /orders/{orderId}';
  readonly headers?: readonly Line[];
  readonly body?: string | Uint8Array;
  /** The status, for a problem with its kind. */
  readonly answer: string;
  readonly sent?: Readonly<Record<string, string>>;
  /** A word of the problem's detail. */
  readonly detail?: string;
}

type Rule = Omit<Row, 'source'>;

export const POST = 'POST /orders';
const PATCH = 'PATCH /orders/{orderId}';
const GET = 'GET /orders/{orderId}';
const HEAD = 'HEAD /orders/{orderId}';

export const json: Line = ['Content-Type', 'application/json'];
export const key = 'a-key-of-16-chars-or-more';
export const order = JSON.stringify({
  customerId: 'c-1',
  currency: 'EUR',
  items: [{ sku: 's', quantity: 1, unitPrice: '1' }],
});
const confirmed = JSON.stringify({ status: 'CONFIRMED' });

const post = (what: string, headers: readonly Line[], answer: string, more: Partial<Row> = {}): Rule => ({
  what,
  route: POST,
  headers,
  body: order,
  answer,
  ...more,
});
const typed = (what: string, type: string, answer: string, more: Partial<Row> = {}): Rule =>
  post(what, [['Content-Type', type]], answer, more);
const ifMatch = (value: string, answer: string, more: Partial<Row> = {}): Rule => ({
  what: `\`If-Match: ${value}\``,
  route: PATCH,
  headers: [json, ['If-Match', value]],
  body: confirmed,
  answer,
  ...more,
});
const ifNoneMatch = (route: Row['route'], value: string, answer: string, more: Partial<Row> = {}): Rule => ({
  what: `\`If-None-Match: ${value}\``,
  route,
  headers: [['If-None-Match', value]],
  answer,
  ...more,
});
const at = (source: string, ...rows: readonly Rule[]): readonly Row[] => rows.map((row) => ({ source, ...row }));

const BAD_HEADER = '400 invalid-header';
const BAD_TYPE = '415 unsupported-media-type';
const BAD_CODING = '415 unsupported-content-coding';
const STALE = '412 if-match-stale';

export const ROWS: readonly Row[] = [
  ...at(
    'RFC 9110, 5.2, 5.3',
    post('`Content-Type` twice, the same', [json, json], '201'),
    post('`Content-Type` twice, different', [json, ['Content-Type', 'text/plain']], BAD_HEADER, {
      detail: 'Content-Type',
    }),
    post('`Idempotency-Key` twice, the same', [json, ['Idempotency-Key', key], ['Idempotency-Key', key]], '201'),
    post(
      '`Idempotency-Key` twice, different',
      [json, ['Idempotency-Key', key], ['Idempotency-Key', `${key}2`]],
      BAD_HEADER,
      {
        detail: 'Idempotency-Key',
      },
    ),
    {
      what: '`If-Match` twice: one list',
      route: PATCH,
      headers: [json, ['If-Match', '"7"'], ['If-Match', '"1"']],
      body: confirmed,
      answer: '200',
    },
  ),
  ...at(
    'draft-ietf-httpapi-idempotency-key-header',
    post('a key in quotes may hold commas', [json, ['Idempotency-Key', `"${key}, again"`]], '201'),
    post('an empty key', [json, ['Idempotency-Key', '']], '400 idempotency-key-unusable'),
  ),
  ...at(
    'W3C Trace Context, 3.2, 4.3',
    post('`traceparent` malformed or ambiguous: a trace starts here', [json, ['traceparent', '00-0-0-01']], '201'),
  ),
  ...at(
    'RFC 9110, 8.3',
    typed('`application/json; charset=utf-8`', 'application/json; charset=utf-8', '201'),
    typed('another case, quotes, other parameters', 'Application/JSON ;Charset="UTF-8"; v=1', '201'),
    typed('a comma or semicolon in quotes', 'application/json; v="1,;2"', '201'),
    typed('a charset other than UTF-8', 'application/json; charset=iso-8859-1', BAD_TYPE),
    typed('another type', 'text/plain', BAD_TYPE, { sent: { accept: 'application/json' } }),
    typed('another type of JSON', 'application/problem+json', BAD_TYPE),
    typed('a malformed type', 'application/json; charset', BAD_TYPE),
    post('no `Content-Type`', [], BAD_TYPE),
  ),
  ...at(
    'RFC 5789, 2.2, 3.1; RFC 7396',
    {
      what: '`application/merge-patch+json` for a change',
      route: PATCH,
      headers: [
        ['Content-Type', 'application/merge-patch+json'],
        ['If-Match', '"1"'],
      ],
      body: confirmed,
      answer: '200',
    },
    {
      what: '`application/json-patch+json` for a change',
      route: PATCH,
      headers: [
        ['Content-Type', 'application/json-patch+json'],
        ['If-Match', '"1"'],
      ],
      body: '[]',
      answer: BAD_TYPE,
      sent: { 'accept-patch': 'application/json, application/merge-patch+json' },
    },
    typed('`application/merge-patch+json` for a new order', 'application/merge-patch+json', BAD_TYPE),
  ),
  ...at(
    'RFC 9110, 8.4, 15.5.16',
    post('`Content-Encoding: gzip`', [json, ['Content-Encoding', 'gzip']], BAD_CODING, {
      sent: { 'accept-encoding': 'identity' },
    }),
    post('`Content-Encoding: identity`, in any case', [json, ['Content-Encoding', 'Identity']], '201'),
    post('an unknown coding beside `identity`', [json, ['Content-Encoding', 'identity, x']], BAD_CODING),
  ),
  ...at(
    'RFC 8259, 4, 8.1',
    post('no body', [json], '400 malformed-body', { body: '', detail: 'empty' }),
    post('a byte order mark', [json], '400 malformed-body', { body: `\ufeff${order}`, detail: 'byte order mark' }),
    {
      what: 'bytes that are not UTF-8 (API Gateway passes them in base64)',
      route: PATCH,
      headers: [['Content-Type', 'application/merge-patch+json']],
      body: new Uint8Array([0x7b, 0xff, 0x7d]),
      answer: '400 malformed-body',
      detail: 'UTF-8',
    },
    {
      what: 'a name twice: the last one counts',
      route: PATCH,
      headers: [json, ['If-Match', '"1"']],
      body: '{"status": "SHIPPED", "status": "CONFIRMED"}',
      answer: '200',
    },
  ),
  ...at(
    'RFC 8259, 7, 8.2',
    post('half of a surrogate pair, escaped', [json], '422 invalid-body', {
      body: String.raw`{"customerId":"\ud83d","currency":"EUR","items":[{"sku":"s","quantity":1,"unitPrice":"1"}]}`,
    }),
  ),
  ...at('RFC 9110, 9.3.1', { what: 'with a body: it is ignored', route: GET, body: '{', answer: '200' }),
  ...at('RFC 9110, 9.3.2', {
    what: 'the status and headers of GET; API Gateway leaves the body out',
    route: HEAD,
    answer: '200',
    sent: { etag: '"1"', 'content-type': 'application/json' },
  }),
  ...at('RFC 9110, 9.3.3, 10.2.2', post('a new order: `Location`, relative to `/orders`', [json], '201')),
  ...at(
    'RFC 9110, 12.5.1',
    { what: '`Accept` is disregarded', route: GET, headers: [['Accept', 'text/html']], answer: '200' },
    {
      what: 'so are the other `Accept-` headers',
      route: GET,
      headers: [['Accept-Encoding', 'identity;q=0']],
      answer: '200',
    },
  ),
  ...at(
    'RFC 9110, 13.1.1',
    ifMatch('*', '200'),
    ifMatch('"1"', '200', { sent: { etag: '"2"' } }),
    ifMatch('"1", "2"', '200'),
    ifMatch('"7","1"', '200'),
    ifMatch(', "1" ,,', '200'),
    ifMatch('"a,b", "1"', '200'),
    ifMatch('"2"', STALE, { sent: { etag: '"1"' } }),
    ifMatch('""', STALE),
    ifMatch('W/"1"', STALE, { detail: 'weak tag' }),
    ifMatch('1', BAD_HEADER, { detail: 'If-Match' }),
    ifMatch('"1', BAD_HEADER),
    ifMatch('"1" "2"', BAD_HEADER),
    ifMatch('w/"1"', BAD_HEADER),
    ifMatch('"a b"', BAD_HEADER),
    ifMatch('*, "1"', BAD_HEADER),
    ifMatch(',', BAD_HEADER),
    ifMatch('', BAD_HEADER),
    {
      what: 'no `If-Match` (RFC 6585, 3)',
      route: PATCH,
      headers: [json],
      body: confirmed,
      answer: '428 if-match-missing',
    },
    { what: '`If-Match: "2"`', route: GET, headers: [['If-Match', '"2"']], answer: '412 precondition-failed' },
    post('`If-Match`: there is nothing yet', [json, ['If-Match', '*']], '412 precondition-failed'),
  ),
  ...at(
    'RFC 9110, 13.1.2, 15.4.5',
    ifNoneMatch(GET, '"1"', '304', {
      sent: { etag: '"1"', 'cache-control': 'no-store', 'content-type': 'application/json' },
    }),
    ifNoneMatch(GET, 'W/"1"', '304'),
    ifNoneMatch(GET, '"7", "1"', '304'),
    ifNoneMatch(GET, '*', '304'),
    ifNoneMatch(HEAD, '"1"', '304'),
    ifNoneMatch(GET, '"2"', '200'),
    ifNoneMatch(GET, '1', BAD_HEADER, { detail: 'If-None-Match' }),
    {
      what: '`If-None-Match: *`',
      route: PATCH,
      headers: [json, ['If-Match', '"1"'], ['If-None-Match', '*']],
      body: confirmed,
      answer: '412 precondition-failed',
      detail: 'If-None-Match',
    },
    post('`If-None-Match: *`', [json, ['If-None-Match', '*']], '201'),
  ),
  ...at(
    'RFC 9110, 13.1.3, 13.1.4',
    {
      what: '`If-Modified-Since`: ignored, an order has no Last-Modified',
      route: GET,
      headers: [['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT']],
      answer: '200',
    },
    {
      what: '`If-Unmodified-Since`: the same',
      route: PATCH,
      headers: [json, ['If-Match', '"1"'], ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT']],
      body: confirmed,
      answer: '200',
    },
  ),
  ...at('RFC 9110, 14.2', {
    what: '`Range` is ignored',
    route: GET,
    headers: [['Range', 'bytes=0-1']],
    answer: '200',
  }),
];

/** What API Gateway decides before a function runs, as the local cloud has it. */
export const GATEWAY: readonly (readonly [source: string, what: string, answer: string])[] = [
  [
    'RFC 9110, 9.1, 15.5.6',
    'another path, or a method that the path has no route for',
    '404 without a problem document; a function behind `$default` or `ANY` says 405 with `Allow`',
  ],
  ['RFC 9110, 9.3.7', 'OPTIONS', '204 where `api_cors` is set, else 404'],
  ['RFC 9110, 10.1.1', '`Expect: 100-continue`', 'answered before the function runs'],
  ['RFC 9110, 11.6.2', '`Authorization`, sent twice or malformed', '401 or 403'],
  ['RFC 3986, 3.3', '`/orders/`, with a slash at the end', '404'],
];
