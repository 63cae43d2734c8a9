import type { JWTPayload } from 'jose';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../testing/spec-engine';
import { startSpecIssuer, type SpecIssuer } from '../testing/spec-issuer';
import { specLogs } from '../testing/spec-logs';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:api';
const CODE = `exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'access-control-allow-origin': 'https://own.example', 'x-own': '1' },
  body: JSON.stringify(event.requestContext.authorizer ?? null),
})`;
const LOG_GROUP = '/aws/vendedlogs/apis/orders';

const logs = specLogs();
let spec: SpecEngine;
let issuer: SpecIssuer;
let apiId: string;
let endpoint: string;
let authorizerId: string;

beforeAll(async () => {
  [spec, issuer] = await Promise.all([startSpecEngine([logs.service]), startSpecIssuer()]);
  await createFunction(spec, 'api', CODE);
  const api = await spec.call('apigatewayv2', 'CreateApi', {
    Name: 'orders',
    ProtocolType: 'HTTP',
    CorsConfiguration: {
      AllowOrigins: ['https://app.example'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['Authorization', 'content-type'],
      ExposeHeaders: ['ETag'],
      AllowCredentials: true,
      MaxAge: 300,
    },
  });
  apiId = api.ApiId ?? '';
  endpoint = api.ApiEndpoint ?? '';
  const integration = await spec.call('apigatewayv2', 'CreateIntegration', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: '2.0',
  });
  const authorizer = await spec.call('apigatewayv2', 'CreateAuthorizer', {
    ApiId: apiId,
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    Name: 'jwt',
    JwtConfiguration: { Issuer: issuer.url, Audience: ['orders', 'other'] },
  });
  authorizerId = authorizer.AuthorizerId ?? '';
  const route = (RouteKey: string, change: object) =>
    spec.call('apigatewayv2', 'CreateRoute', {
      ApiId: apiId,
      RouteKey,
      Target: `integrations/${integration.IntegrationId}`,
      ...change,
    });
  const jwt = { AuthorizationType: 'JWT', AuthorizerId: authorizerId } as const;
  await route('GET /jwt', jwt);
  await route('POST /jwt', { ...jwt, AuthorizationScopes: ['orders:write', 'admin'] });
  await route('GET /iam/{id}', { AuthorizationType: 'AWS_IAM' });
  await route('GET /open', {});
  await spec.call('apigatewayv2', 'CreateStage', {
    ApiId: apiId,
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: `arn:aws:logs:us-east-1:000000000000:log-group:${LOG_GROUP}`,
      Format:
        '$context.requestId $context.status $context.authorizer.error $context.authorizer.claims.sub $context.identity.caller',
    },
  });
  await spec.call('lambda', 'AddPermission', {
    FunctionName: 'api',
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  });
});
afterAll(async () => {
  await spec.close();
  await issuer.close();
});

describe('a JWT authorizer', () => {
  const seconds = (): number => Math.floor(spec.clock.now() / 1000);
  const good = (): JWTPayload => ({
    iss: issuer.url,
    sub: 'ada',
    aud: ['orders'],
    iat: seconds() - 1,
    nbf: seconds() - 1,
    exp: seconds() + 60,
    scope: 'orders:read orders:write',
    groups: ['a', 'b'],
    admin: true,
  });

  it('lets a good token in, with or without Bearer, and hands its claims on as text', async () => {
    const token = await issuer.sign(good());
    for (const header of [token, `Bearer ${token}`]) {
      const answer = await fetch(`${endpoint}/jwt`, { headers: { authorization: header } });
      expect([answer.status, await answer.json()]).toEqual([
        200,
        {
          jwt: {
            claims: {
              iss: issuer.url,
              sub: 'ada',
              aud: '[orders]',
              iat: expect.stringMatching(/^\d+$/),
              nbf: expect.stringMatching(/^\d+$/),
              exp: expect.stringMatching(/^\d+$/),
              scope: 'orders:read orders:write',
              groups: '[a b]',
              admin: 'true',
            },
            scopes: null,
          },
        },
      ]);
    }
  });

  it('wants one of the route’s scopes, in scope or scp', async () => {
    const post = async (claims: JWTPayload) =>
      fetch(`${endpoint}/jwt`, { method: 'POST', headers: { authorization: await issuer.sign(claims) } });
    const { scope: _scope, ...rest } = good();
    expect(await (await post(good())).json()).toMatchObject({ jwt: { scopes: ['orders:read', 'orders:write'] } });
    expect((await post({ ...rest, scp: ['admin'] })).status).toBe(200);
    const refused = await post({ ...rest, scope: 'orders:read' });
    expect([refused.status, await refused.json(), refused.headers.get('www-authenticate')]).toEqual([
      403,
      { message: 'Forbidden' },
      'Bearer scope="orders:write admin" error="insufficient_scope"',
    ]);
  });

  it('takes client_id for an audience only where there is no aud', async () => {
    const { aud: _aud, ...rest } = good();
    expect((await get(await issuer.sign({ ...rest, client_id: 'other' }))).status).toBe(200);
    expect((await get(await issuer.sign({ ...rest, aud: 'x', client_id: 'other' }))).status).toBe(401);
  });

  it.each<[string, (claims: JWTPayload) => JWTPayload, object, string]>([
    ['another audience', (c) => ({ ...c, aud: 'x' }), {}, 'the token does not have a valid audience'],
    ['another issuer', (c) => ({ ...c, iss: 'https://x' }), {}, 'the token does not have a valid issuer'],
    ['a time gone by', (c) => ({ ...c, exp: seconds() - 1 }), {}, 'the token has expired'],
    ['no expiry', ({ exp: _exp, ...c }) => c, {}, 'the token has expired'],
    ['a time to come', (c) => ({ ...c, nbf: seconds() + 60 }), {}, 'the token is not valid yet'],
    ['an issue to come', (c) => ({ ...c, iat: seconds() + 60 }), {}, 'the token was used before it was issued'],
    ['an unknown key', (c) => c, { kid: 'key-2' }, 'the kid of the token is unknown'],
    ['no key id', (c) => c, { kid: '' }, 'the token has no kid'],
    ['another algorithm', (c) => c, { alg: 'PS256' }, 'signing method PS256 is invalid'],
  ])('refuses %s', async (_what, change, header, description) => {
    await expectUnauthorized(await get(await issuer.sign(change(good()), header)), description);
  });

  it('refuses what is no token, and a token that was tampered with', async () => {
    const [header, , signature] = (await issuer.sign(good())).split('.');
    const forged = Buffer.from(JSON.stringify({ ...good(), sub: 'eve' })).toString('base64url');
    await expectUnauthorized(await get(`${header}.${forged}.${signature}`), 'the signature is invalid');
    await expectUnauthorized(await get('nonsense'), 'the token is malformed');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged}.`;
    await expectUnauthorized(await get(none), 'signing method none is invalid');
    const missing = await fetch(`${endpoint}/jwt`);
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('asks the issuer for its keys once in two hours', async () => {
    expect((await get(await issuer.sign(good()))).status).toBe(200);
    const before = issuer.asked();
    expect((await get(await issuer.sign(good()))).status).toBe(200);
    expect(issuer.asked()).toBe(before);
    spec.clock.advance(2 * 3_600_000);
    expect((await get(await issuer.sign(good()))).status).toBe(200);
    expect(issuer.asked()).toBe(before + 1);
  });

  it('is in the access log: whose token, or what was wrong with it', async () => {
    const accepted = await get(await issuer.sign(good()));
    const refused = await get(await issuer.sign({ ...good(), exp: 1 }));
    await expectLogged(`${accepted.headers.get('apigw-requestid')} 200 - ada -`);
    await expectLogged(`${refused.headers.get('apigw-requestid')} 401 the token has expired - -`);
  });

  function get(token: string): Promise<Response> {
    return fetch(`${endpoint}/jwt`, { headers: { authorization: `Bearer ${token}` } });
  }

  async function expectUnauthorized(answer: Response, description: string): Promise<void> {
    expect([answer.status, await answer.json(), answer.headers.get('www-authenticate')]).toEqual([
      401,
      { message: 'Unauthorized' },
      `Bearer scope="" error="invalid_token" error_description="${description}"`,
    ]);
  }
});

describe('IAM authorization', () => {
  it('lets in who may invoke this method on this path, and tells who it is', async () => {
    const answer = await fetch(`${endpoint}/iam/o%201`, { headers: { 'x-signed-by': 'ada' } });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        iam: {
          accessKey: 'ASIATEST',
          accountId: '000000000000',
          callerId: 'AROATEST:ada',
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: 'arn:aws:sts::000000000000:assumed-role/test/ada',
          userId: 'AROATEST:ada',
        },
      },
    ]);
    expect(spec.asked.findLast(({ requirement }) => requirement.action === 'execute-api:Invoke')).toMatchObject({
      requirement: { resource: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/GET/iam/o 1` },
    });
    await expectLogged(`${answer.headers.get('apigw-requestid')} 200 - - AROATEST:ada`);
  });

  it('is 403 without a signature and without permission', async () => {
    const unsigned = await fetch(`${endpoint}/iam/1`);
    spec.denied.add('execute-api:Invoke');
    const denied = await fetch(`${endpoint}/iam/1`, { headers: { 'x-signed-by': 'ada' } });
    spec.denied.clear();
    for (const answer of [unsigned, denied]) {
      expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
    }
  });
});

describe('CORS', () => {
  const preflight = (path: string, origin: string) =>
    fetch(`${endpoint}${path}`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });
  const corsHeaders = (answer: Response) =>
    Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control-')));

  it('answers a preflight by itself, without asking for a token', async () => {
    const answer = await preflight('/jwt', 'https://app.example');
    expect([answer.status, corsHeaders(answer)]).toEqual([
      204,
      {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '300',
      },
    ]);
    const stranger = await preflight('/jwt', 'https://evil.example');
    expect([stranger.status, corsHeaders(stranger)]).toEqual([204, {}]);
  });

  it('puts its headers in the place of the function’s', async () => {
    const get = (origin: string) => fetch(`${endpoint}/open`, { headers: { origin } });
    const known = await get('https://app.example');
    expect([known.headers.get('x-own'), corsHeaders(known)]).toEqual([
      '1',
      {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'etag',
      },
    ]);
    expect(corsHeaders(await get('https://evil.example'))).toEqual({});
  });

  it('is gone once its configuration is deleted', async () => {
    await spec.call('apigatewayv2', 'DeleteCorsConfiguration', { ApiId: apiId });
    expect((await preflight('/jwt', 'https://app.example')).status).toBe(404);
    expect((await spec.call('apigatewayv2', 'GetApi', { ApiId: apiId })).CorsConfiguration).toBeUndefined();
  });

  it.each([
    [{ AllowOrigins: ['*'], AllowCredentials: true }],
    [{ AllowOrigins: ['app.example'] }],
    [{ AllowOrigins: ['*'], MaxAge: 86_401 }],
  ])('refuses %j', async (CorsConfiguration) => {
    await expect(spec.call('apigatewayv2', 'UpdateApi', { ApiId: apiId, CorsConfiguration })).rejects.toMatchObject({
      code: 'BadRequestException',
    });
  });
});

describe('the control plane of authorization', () => {
  const refusedWith = (code: string, text: string) => ({ code, message: expect.stringContaining(text) });

  it('keeps what it was given, and changes it', async () => {
    expect(await spec.call('apigatewayv2', 'GetAuthorizer', { ApiId: apiId, AuthorizerId: authorizerId })).toEqual({
      AuthorizerId: authorizerId,
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['orders', 'other'], Issuer: issuer.url },
      Name: 'jwt',
    });
    const JwtConfiguration = { Audience: ['orders'], Issuer: issuer.url };
    const change = { ApiId: apiId, AuthorizerId: authorizerId, JwtConfiguration };
    expect(await spec.call('apigatewayv2', 'UpdateAuthorizer', change)).toMatchObject({
      Name: 'jwt',
      JwtConfiguration,
    });
    const { Items = [] } = await spec.call('apigatewayv2', 'GetRoutes', { ApiId: apiId });
    expect(Items.find(({ RouteKey }) => RouteKey === 'POST /jwt')).toMatchObject({
      AuthorizationType: 'JWT',
      AuthorizerId: authorizerId,
      AuthorizationScopes: ['orders:write', 'admin'],
    });
  });

  it('refuses what AWS refuses', async () => {
    const create = (change: object) =>
      spec.call('apigatewayv2', 'CreateAuthorizer', {
        ApiId: apiId,
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        Name: 'another',
        JwtConfiguration: { Issuer: issuer.url, Audience: ['orders'] },
        ...change,
      });
    await expect(create({ JwtConfiguration: { Issuer: `${issuer.url}/nobody` } })).rejects.toMatchObject(
      refusedWith('BadRequestException', 'Issuer must have a valid discovery endpoint'),
    );
    await expect(create({ JwtConfiguration: { Issuer: 'http://issuer.example' } })).rejects.toMatchObject(
      refusedWith('BadRequestException', 'not https'),
    );
    await expect(create({ AuthorizerType: 'REQUEST' })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    await expect(create({ Name: 'jwt' })).rejects.toMatchObject({ code: 'ConflictException' });
    await expect(
      spec.call('apigatewayv2', 'DeleteAuthorizer', { ApiId: apiId, AuthorizerId: authorizerId }),
    ).rejects.toMatchObject(refusedWith('ConflictException', 'due to reference by Route'));
    const route = (change: object) =>
      spec.call('apigatewayv2', 'CreateRoute', { ApiId: apiId, RouteKey: 'GET /other', ...change });
    await expect(route({ AuthorizationType: 'JWT', AuthorizerId: 'nobody' })).rejects.toMatchObject(
      refusedWith('BadRequestException', 'Invalid authorizer ID specified'),
    );
    await expect(route({ AuthorizationType: 'AWS_IAM', AuthorizationScopes: ['a'] })).rejects.toMatchObject(
      refusedWith('BadRequestException', 'Authorization Scopes are only valid for'),
    );
  });
});

async function expectLogged(line: string): Promise<void> {
  await until(() => logs.messages(LOG_GROUP).includes(line));
}
