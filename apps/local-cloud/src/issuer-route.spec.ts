import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, SqliteStore } from '@outbox/local-cloud-kernel';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { issuerRoute } from './issuer-route';

const clock = { now: () => Date.parse('2026-01-01T00:00:00Z') };

describe('the local issuer', () => {
  let store: SqliteStore;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    store = new SqliteStore(':memory:');
    server = createServer((request, response) => {
      const route = issuerRoute({ clock, store, origin });
      void route.handle(request, response, () => {
        throw new AwsError('Unsigned', 'nobody signs here');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    store.close();
  });

  const token = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${origin}/_local/issuer/token`, { method: 'POST', body: JSON.stringify(body), headers });

  it('issues tokens that its published keys verify, those of another run too', async () => {
    const answer = await token({ sub: 'ada', aud: 'orders', scope: 'orders:write', expiresIn: 60 });
    const { access_token } = (await answer.json()) as { access_token: string };
    const discovery = await fetch(`${origin}/_local/issuer/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
    const keys = (await (await fetch(jwks_uri)).json()) as JSONWebKeySet;
    expect(Object.keys(keys.keys[0] ?? {})).not.toContain('d');
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(keys), {
      issuer,
      audience: 'orders',
      currentDate: new Date(clock.now()),
    });
    expect(payload).toEqual({
      iss: `${origin}/_local/issuer`,
      sub: 'ada',
      aud: 'orders',
      scope: 'orders:write',
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + 60,
    });
  });

  it.each([
    ['no sub', { aud: 'orders' }],
    ['a claim of its own', { sub: 'ada', iss: 'https://x' }],
    ['an endless life', { sub: 'ada', expiresIn: 1e9 }],
  ])('refuses %s', async (_what, body) => {
    expect((await token(body)).status).toBe(400);
  });

  it('gives nothing to a page in a browser', async () => {
    expect((await token({ sub: 'ada' }, { origin: 'https://evil.example' })).status).toBe(403);
  });
});
