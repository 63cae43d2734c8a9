import { toResponse } from './to-response';

const respond = (value: unknown) => toResponse(Buffer.from(JSON.stringify(value)));

describe('a function’s answer that is a response', () => {
  it('has text/plain for its type unless it says otherwise, and needs no more than a status', () => {
    expect(respond({ statusCode: 204 })).toEqual({
      status: 204,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      cookies: [],
      body: Buffer.alloc(0),
    });
    expect(respond({ statusCode: '201', headers: { 'Content-Type': 'a/b', 'X-N': 1 }, body: 'x' })).toEqual({
      status: 201,
      headers: { 'content-type': 'a/b', 'x-n': '1' },
      cookies: [],
      body: Buffer.from('x'),
    });
  });

  it('has its cookies before a set-cookie of its headers', () => {
    const answer = respond({ statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'Set-Cookie': 'c=3' } });
    expect(answer?.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(answer?.headers).not.toHaveProperty('set-cookie');
  });

  it('leaves the connection and the length to API Gateway, and has no headers of several values', () => {
    const headers = {
      Connection: 'close',
      trailer: 'x',
      'Transfer-Encoding': 'chunked',
      'Content-Length': '99',
      a: 'b',
    };
    const answer = respond({ statusCode: 200, headers, multiValueHeaders: { c: ['d'] } });
    expect(answer?.headers).toEqual({ 'content-type': 'text/plain; charset=utf-8', a: 'b' });
  });

  it.each([
    ['a status that is no number', { statusCode: 'abc' }],
    ['a status of several', { statusCode: [200] }],
    ['a status that can’t be a text', { statusCode: { toString: null } }],
    ['no status after all', { statusCode: null }],
    ['a status in parts', { statusCode: 200.5 }],
    ['an interim status', { statusCode: 100 }],
    ['a status out of range', { statusCode: 600 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a body that is no base64', { statusCode: 200, body: '{"a":1}', isBase64Encoded: true }],
    ['headers that are none', { statusCode: 200, headers: ['a'] }],
    ['a header of several values', { statusCode: 200, headers: { a: ['b'] } }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\nc: d' } }],
    ['a header beyond Latin-1', { statusCode: 200, headers: { a: '✓' } }],
    ['a header whose name has a space', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a header without a name', { statusCode: 200, headers: { '': 'c' } }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
    ['a cookie with a line break', { statusCode: 200, cookies: ['a=1\r\nb: 2'] }],
    ['a cookie beyond Latin-1', { statusCode: 200, cookies: ['a=✓'] }],
  ])('is malformed with %s', (_kind, answer) => {
    expect(respond(answer)).toBeUndefined();
  });
});

describe('a function’s answer that is no response', () => {
  it.each([
    ['{"a":1}', '{"a":1}'],
    ['"text"', 'text'],
    ['[1]', '[1]'],
    ['null', 'null'],
    ['{"a":', '{"a":'],
  ])('is the body of a 200: %s', (payload, body) => {
    expect(toResponse(Buffer.from(payload))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(body),
    });
  });
});
