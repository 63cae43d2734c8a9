import { gatewayEvent, httpEvent, recordingTelemetry, type WireRequest } from '@outbox/testing';
import * as fc from 'fast-check';
import { createHttpHandler, type HttpRoute } from './http';
import { entityTags } from './http-conditions';
import { parseMediaType } from './http-content';
import { readHeaders, withoutRepeats } from './http-headers';

const LIST = 'GET /shelves/{shelfId}/books';

describe('routes by API Gateway’s payload 2.0', () => {
  it.each([
    ['%2F', 'a%2Fb', 'a/b'],
    ['%25', '100%25', '100%'],
    ['an escape that was escaped', 'a%252Fb', 'a%2Fb'],
    ['+', 'a+b', 'a+b'],
    ['a space', 'a%20b', 'a b'],
    ['another script', '%E8%AA%9E', '語'],
    ['dots', '%2E%2E', '..'],
    ['what ends a path elsewhere', 'a%3Fb%23c', 'a?b#c'],
  ])('decode %s once', async (_what, sent, shelfId) => {
    expect(await shelfOf(LIST, { line: `GET /shelves/${sent}/books` })).toBe(shelfId);
  });

  it.each([
    ['another route', 'GET /elsewhere', 'GET', '/elsewhere', 404],
    ['$default', '$default', 'GET', '/shelves/c-1/books', 200],
    ['$default under a stage', '$default', 'GET', '/v1/shelves/c-1/books', 200],
    ['ANY', 'ANY /shelves/{shelfId}/books', 'GET', '/shelves/a/b/books', 200],
    ['ANY, with a method without a route', 'ANY /shelves/{shelfId}/books', 'PUT', '/shelves/a/b/books', 405],
    ['HEAD', 'HEAD /shelves/{shelfId}/books', 'HEAD', '/shelves/c-1/books', 200],
    ['a name every object has', 'constructor', 'GET', '/', 404],
    ['a greedy path', '$default', 'GET', '/files/a/b', 200],
    ['a greedy path without rest', '$default', 'GET', '/files/', 404],
  ])('answer %s', async (_what, routeKey, method, path, status) => {
    const handler = handlerOf({ [LIST]: ok, 'GET /files/{path+}': ok });
    const event = httpEvent(method, path, { routeKey, pathParameters: { shelfId: 'a/b' } });
    event.requestContext.stage = path.startsWith('/v1/') ? 'v1' : '$default';
    expect((await handler(event, context)).statusCode).toBe(status);
  });
});

describe('a header that takes one value', () => {
  it.each<[string, string | undefined]>([
    ['k', 'k'],
    ['k,k', 'k'],
    ['k, k ,k', 'k'],
    ['"a, b","a, b"', '"a, b"'],
    ['"a\\", b"', '"a\\", b"'],
    ['', ''],
    [',', ''],
    ['a,b', undefined],
    ['a,b,a,b', undefined],
    ['a,', undefined],
    ['"a","b"', undefined],
  ])('%j is %j', (sent, value) => {
    const { header } = readHeaders({ headers: { 'X-One': sent } });
    if (value !== undefined) expect(header('x-one')).toBe(value);
    else expect(() => header('X-One')).toThrow('X-One takes one value');
  });

  it('is the same however often it was sent', () => {
    const parts = fc.array(fc.stringMatching(/^[a-z" ]{0,3}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 2, max: 5 }), (value, times) => {
        const once = value.join(',').trim();
        const again = Array.from({ length: times }, () => once).join(', ');
        expect(withoutRepeats(again)).toBe(withoutRepeats(once));
      }),
    );
  });
});

describe('entity tags', () => {
  it.each([
    ['","', ['","']],
    ['",",","', ['","', '","']],
    ['*, *', '*'],
    ['*,*,\t*', '*'],
  ])('of %s', (value, tags) => {
    expect(entityTags(readHeaders({ headers: { 'if-match': value } }), 'If-Match')).toEqual(tags);
  });

  it('are read from any list of them, with empty elements and spaces between', () => {
    const tag = fc
      .tuple(fc.constantFrom('', 'W/'), fc.stringMatching(/^[!#-~é]{0,5}$/))
      .map(([weak, t]) => `${weak}"${t}"`);
    const gap = fc.stringMatching(/^[ \t,]{0,3}$/);
    fc.assert(
      fc.property(fc.uniqueArray(tag, { minLength: 1, maxLength: 5 }), gap, (tags, empty) => {
        const value = `${empty}${tags.join(` ,${empty} `)} ,${empty}`;
        expect(entityTags(readHeaders({ headers: { 'if-match': value } }), 'If-Match')).toEqual(tags);
      }),
    );
  });

  it('are refused or read at once, whatever a header holds', () => {
    for (const hostile of [
      '"\\'.repeat(5_000),
      ' '.repeat(10_000) + 'x',
      ','.repeat(10_000) + 'x',
      'W/'.repeat(5_000),
    ]) {
      const request = readHeaders({ headers: { 'if-match': hostile, one: hostile } });
      const started = performance.now();
      expect(() => entityTags(request, 'If-Match')).toThrow('If-Match takes');
      parseMediaType(`a/b${' ;'.repeat(5_000)}=`);
      try {
        request.header('one');
      } catch {
        // Only the time counts.
      }
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});

describe('a media type', () => {
  it.each([
    ['text/html', { essence: 'text/html', charsets: [] }],
    ['Text/HTML;Charset="utf-8"', { essence: 'text/html', charsets: ['utf-8'] }],
    ['text/html; charset="UTF\\-8"', { essence: 'text/html', charsets: ['utf-8'] }],
    ['text/html; note="charset=x"; charset=a; charset=b ;', { essence: 'text/html', charsets: ['a', 'b'] }],
    ['text', undefined],
    ['text/', undefined],
    ['text/html; charset', undefined],
    ['text/html; charset = utf-8', undefined],
    ['text/html, text/plain', undefined],
    ['', undefined],
  ])('%j is read', (value, wanted) => {
    expect(parseMediaType(value)).toEqual(wanted);
  });
});

const ok: HttpRoute = () => ({ statusCode: 200, body: '' });
const context = { getRemainingTimeInMillis: () => 1_000 };

function handlerOf(routes: Record<string, HttpRoute>) {
  return createHttpHandler(recordingTelemetry(), routes);
}

async function shelfOf(routeKey: string, request: WireRequest): Promise<unknown> {
  const handler = handlerOf({ [LIST]: ({ parameters }) => ({ statusCode: 200, body: JSON.stringify(parameters) }) });
  const { body } = await handler(gatewayEvent(routeKey, request), context);
  return (JSON.parse(body ?? '') as Record<string, unknown>)['shelfId'];
}
