import { decode, matchRoute } from './match-route';

const routes = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  'ANY /pets/{kind}/{id}',
  'POST /',
  '$default',
].map((routeKey, index) => ({ routeId: String(index), routeKey, integrationId: undefined, operationName: undefined }));

describe('the route of a request', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'ANY /pets/{kind}/{id}', { kind: 'cat', id: '1' }],
    ['PUT', '/pets/dog/1', 'ANY /pets/{kind}/{id}', { kind: 'dog', id: '1' }],
    ['GET', '/pets/cat/1/2', 'GET /pets/{proxy+}', { proxy: 'cat/1/2' }],
    ['PATCH', '/pets/cat/1/2', 'ANY /{proxy+}', { proxy: 'pets/cat/1/2' }],
    ['POST', '/', 'POST /', undefined],
    ['GET', '/', '$default', undefined],
    ['GET', '/pets/d%2Fg/a%20b', 'ANY /pets/{kind}/{id}', { kind: 'd/g', id: 'a b' }],
    ['GET', '/pets/%E0%A4%A/1', 'ANY /pets/{kind}/{id}', { kind: '%E0%A4%A', id: '1' }],
  ])('%s %s', (method, path, routeKey, pathParameters) => {
    const match = matchRoute(routes, method, path);
    expect([match?.route.routeKey, match?.pathParameters]).toEqual([routeKey, pathParameters]);
  });

  it('is none without $default', () => {
    expect(matchRoute(routes.slice(0, 1), 'GET', '/pets/dog/1/')).toBeUndefined();
  });
});

describe('a path', () => {
  it.each([
    ['/a%20b/%C3%BC%e2%98%95', '/a b/ü☕'],
    ['/a%20b/%E0%A4%A/%zz%', '/a b/%E0%A4%A/%zz%'],
    ['//a/./../b;c=d', '//a/./../b;c=d'],
    ['/a%252Fb', '/a%2Fb'],
  ])('is decoded as far as it can be: %s', (sent, decoded) => {
    expect(decode(sent)).toBe(decoded);
  });
});
