import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRole, type AssumableRole } from '../support/assumed-role';
import { apply } from '../support/deployment';
import { cloud } from '../support/local-cloud';
import {
  type Answer,
  changeOrder,
  expectComplete,
  newOrder,
  orders,
  placeConfirmedOrder,
  request,
  waitForStatus,
} from '../support/orders';
import { readStack, type Stack } from '../support/stack';
import { root, run } from '../support/target';

/** An apply on a busy machine. */
const APPLY_MS = 240_000;

const ordersFile = `${root}/apps/orders-cli/bin/orders`;

/** Puts the API back as the rest of the suite knows it. */
afterAll(() => apply({}), APPLY_MS);

describe('an API for tokens', () => {
  let stack: Stack;
  let ada: string;
  let bob: string;
  const call = (token: string | undefined, method: string, path: string, body?: unknown, headers = {}) =>
    request(stack, method, path, body, {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    });

  beforeAll(async () => {
    const authorization = { type: 'JWT', issuer: cloud.issuer, audience: ['orders'], write_scopes: ['orders:write'] };
    await apply({ api_authorization: authorization });
    stack = readStack();
    ada = await cloud.issueToken({ sub: 'ada', aud: 'orders', scope: 'orders:write' });
    bob = await cloud.issueToken({ sub: 'bob', aud: 'orders', scope: 'orders:write' });
  }, APPLY_MS);

  it('is 401 without a good token, and 403 without the scope to write; both answers are API Gateway’s', async () => {
    const write = (token?: string) => call(token, 'POST', '/orders', newOrder());
    const expired = await cloud.issueToken({ sub: 'ada', aud: 'orders', scope: 'orders:write', expiresIn: -1 });
    const elsewhere = await cloud.issueToken({ sub: 'ada', aud: 'another', scope: 'orders:write' });
    for (const token of [undefined, 'nonsense', expired, elsewhere]) {
      expect(shown(await write(token))).toEqual([401, { message: 'Unauthorized' }]);
    }
    expect((await write(elsewhere)).headers.get('www-authenticate')).toContain('does not have a valid audience');
    const reader = await cloud.issueToken({ sub: 'ada', aud: 'orders', scope: 'orders:read' });
    expect(shown(await write(reader))).toEqual([403, { message: 'Forbidden' }]);
  });

  it('shows and changes an order for its owner only', async () => {
    const order = newOrder();
    const placed = await call(ada, 'POST', '/orders', order);
    expect(placed.status).toBe(201);
    const path = `/orders/${String(placed.body['orderId'])}`;
    const orderId = String(placed.body['orderId']);
    const ship = { status: 'SHIPPED' };
    expect((await call(bob, 'GET', path)).status).toBe(404);
    const etag = await waitForStatus(stack, orderId, 'CONFIRMED', { authorization: `Bearer ${ada}` });
    expect((await call(bob, 'PATCH', path, ship, { 'if-match': etag })).status).toBe(404);
    expect((await call(ada, 'PATCH', path, ship, { 'if-match': etag })).status).toBe(200);

    expectComplete(orderId);
    const list = `/customers/${String(order['customerId'])}/orders`;
    expect((await call(ada, 'GET', list)).body).toMatchObject({ orders: [{ status: 'SHIPPED', version: 3 }] });
    expect((await call(bob, 'GET', list)).body).toEqual({ orders: [] });
  });

  it('keeps the keys of two callers apart, however short', async () => {
    const order = newOrder();
    const key = { 'idempotency-key': '1' };
    const [first, again, others] = [
      await call(ada, 'POST', '/orders', order, key),
      await call(ada, 'POST', '/orders', order, key),
      await call(bob, 'POST', '/orders', order, key),
    ];
    expect(again.body).toEqual(first.body);
    expect(others.body['orderId']).not.toBe(first.body['orderId']);
  });

  it('takes the token from curl_example and orders', () => {
    const env = { ...process.env, OUTBOX_TOKEN: ada };
    expect(run('bash', ['-c', stack.curl_example], env).stdout).toContain('HTTP/1.1 201');
    expect(run('bash', ['-c', stack.curl_example], process.env, 'pipe', [127, 1]).stderr).toContain('OUTBOX_TOKEN');
    const create = ['--json', 'create', '--customer', 'c-1', '--item', 'sku-1:1:1', '--token', ada];
    expect(JSON.parse(orders(create).stdout)).toMatchObject({ status: 201 });
  });
});

describe('an API for AWS callers', () => {
  let stack: Stack;
  let folder: string;
  let role: AssumableRole;
  let clerk: NodeJS.ProcessEnv;
  const order = (env: NodeJS.ProcessEnv, expected: number, ...args: string[]) =>
    run(ordersFile, ['--json', '--stack', join(folder, 'stack.json'), ...args], env, 'pipe', [expected]);
  const place = (env: NodeJS.ProcessEnv): string => {
    const { stdout } = order(env, 0, 'create', '--customer', 'c-1', '--item', 'sku-1:1:1', '--key', randomUUID());
    return (JSON.parse(stdout) as { body: { orderId: string } }).body.orderId;
  };

  beforeAll(async () => {
    await apply({ api_authorization: { type: 'AWS_IAM' } });
    stack = readStack();
    // May place and read orders, but not change them.
    const routes = ['POST/orders', 'GET/orders/*'].map((route) => `${stack.api_execution_arn}/*/${route}`);
    role = await createRole(`clerk-${randomUUID().slice(0, 8)}`, 'execute-api:Invoke', routes);
    clerk = await role.session('monday');
    // Spares every call below asking Terraform.
    folder = mkdtempSync(join(tmpdir(), 'outbox-e2e-'));
    writeFileSync(join(folder, 'stack.json'), run('terraform', ['-chdir=terraform', 'output', '-json']).stdout);
  }, APPLY_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await role.delete();
  });

  it('is 403 without a signature', async () => {
    const unsigned = { ...stack, api_authorization: { ...stack.api_authorization, type: 'NONE' as const } };
    expect(shown(await request(unsigned, 'POST', '/orders', newOrder()))).toEqual([403, { message: 'Forbidden' }]);
  });

  it('takes signed requests as any HTTP client sends them', async () => {
    const { orderId } = await placeConfirmedOrder(stack);
    expect((await changeOrder(stack, orderId, { status: 'SHIPPED' }, '"2"')).status).toBe(200);
    const read = await request(stack, 'GET', `/orders/${orderId}`);
    expect(read).toMatchObject({ status: 200, body: { orderId, version: 3 } });
  });

  it('lets a role do what it is granted, to its own orders, in whichever session', async () => {
    const orderId = place(clerk);
    const tuesday = await role.session('tuesday');
    expect(JSON.parse(order(tuesday, 0, 'get', orderId).stdout)).toMatchObject({ status: 200, body: { orderId } });
    expect(order(tuesday, 1, 'update', orderId, '--status', 'CONFIRMED').stderr).toContain('answered 403: Forbidden');
    // The account's administrator may call every route, and still is not the owner.
    expect(order(process.env, 4, 'get', orderId).stderr).toContain('answered 404');
    expect(order(clerk, 4, 'get', place(process.env)).stderr).toContain('answered 404');
  });

  it('is called by curl_example with the credentials in the environment', () => {
    for (const env of [process.env, clerk]) {
      expect(run('bash', ['-c', stack.curl_example], env).stdout).toContain('HTTP/1.1 201');
    }
    const stranger = { ...process.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
    expect(run('bash', ['-c', stack.curl_example], stranger).stdout).toContain('HTTP/1.1 403');
  });
});

function shown({ status, body }: Answer): unknown {
  return [status, body];
}
