import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutputs, runProgram, styleFor } from '@outbox/cli-kit';
import { apiOutputs } from './api';
import type { OrdersContext } from './context';
import { ORDERS } from './program';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

describe('orders', () => {
  let api: Server;
  let folder: string;
  let stackFile: string;
  let answer: { status: number; body: unknown };
  /** Bodies of the next responses, before those of `answer`. */
  let pages: unknown[];
  let seen: Seen[];

  beforeEach(async () => {
    seen = [];
    answer = { status: 200, body: {} };
    pages = [];
    api = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        response
          .writeHead(answer.status, { etag: '"3"', location: 'orders/o-1' })
          .end(JSON.stringify(pages.shift() ?? answer.body));
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(join(tmpdir(), 'orders-cli-'));
    stackFile = join(folder, 'stack.json');
    writeFileSync(stackFile, JSON.stringify(outputs(`http://127.0.0.1:${(api.address() as AddressInfo).port}`)));
  });

  afterEach(async () => {
    await new Promise((resolve) => api.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('places an order with an Idempotency-Key and prints the answer as JSON', async () => {
    answer = { status: 201, body: { orderId: 'o-1' } };

    const run = await cli('--json', 'create', '--customer', 'c-1', '--item', 'sku-1:2:19.99');

    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({
      status: 201,
      body: { orderId: 'o-1' },
      location: `http://127.0.0.1:${(api.address() as AddressInfo).port}/orders/o-1`,
    });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/orders', headers: { 'idempotency-key': 'key-1' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      customerId: 'c-1',
      currency: 'EUR',
      items: [{ sku: 'sku-1', quantity: 2, unitPrice: '19.99' }],
    });
  });

  it('bases an update on the current version unless told', async () => {
    await cli('update', 'o-1', '--status', 'CONFIRMED');
    await cli('update', 'o-1', '--status', 'CONFIRMED', '--if-match', '7');

    expect(seen.map((request) => [request.method, request.headers['if-match']])).toEqual([
      ['GET', undefined],
      ['PATCH', '"3"'],
      ['PATCH', '"7"'],
    ]);
  });

  it('brings a token where there is one, and asks for it where the API wants one', async () => {
    await cli('get', 'o-1', '--token', 'abc');
    expect(seen[0]?.headers['authorization']).toBe('Bearer abc');

    wants({ type: 'JWT', region: 'eu-west-1' });
    const run = await cli('get', 'o-1');
    expect([run.exitCode, run.err]).toEqual([2, expect.stringContaining('OUTBOX_TOKEN')]);
    expect(seen).toHaveLength(1);
  });

  it('signs with the caller’s AWS credentials where the API wants that', async () => {
    wants({ type: 'AWS_IAM', region: 'eu-west-1' });
    await cli('create', '--customer', 'c-1', '--item', 'sku-1:2:19.99');

    const { authorization, 'x-amz-date': date, 'x-amz-security-token': token } = seen[0]?.headers ?? {};
    expect(authorization).toMatch(
      new RegExp(
        `^AWS4-HMAC-SHA256 Credential=AKIDSPEC/${String(date).slice(0, 8)}/eu-west-1/execute-api/aws4_request, `,
      ),
    );
    expect(authorization).toMatch(/SignedHeaders=[^,]*content-type;host;idempotency-key;/);
    expect(token).toBe('session');
  });

  it('shows each invalid field of a problem and exits 1', async () => {
    answer = {
      status: 422,
      body: { title: 'Invalid order', errors: [{ pointer: '/items/0/quantity', detail: 'is 0' }] },
    };

    const run = await cli('create', '--customer', 'c-1', '--item', 'sku-1:0:19.99');

    expect(run.exitCode).toBe(1);
    expect(run.err).toContain('POST /orders answered 422: Invalid order\n  /items/0/quantity: is 0');
  });

  it('lists a customer’s orders page by page, as many as asked for', async () => {
    const orders = ['o-3', 'o-2', 'o-1'].map((orderId) => ({ ...LISTED, orderId }));
    pages = [
      { orders: orders.slice(0, 2), nextCursor: 'a+b' },
      { orders: orders.slice(2), nextCursor: 'c' },
    ];

    const run = await cli('--json', 'list', 'c/1', '--limit', '3');

    expect(JSON.parse(run.out)).toEqual({ orders, more: true });
    expect(seen.map(({ url }) => url)).toEqual(['/customers/c%2F1/orders', '/customers/c%2F1/orders?cursor=a%2Bb']);
  });

  it('shows a line for each order, and whether there are older ones', async () => {
    const orders = ['o-3', 'o-2', 'o-1'].map((orderId) => ({ ...LISTED, orderId }));
    pages = [{ orders }, { orders }, { orders: [] }];

    expect((await cli('list', 'c-1')).out.split('\n')).toEqual(
      ['o-3', 'o-2', 'o-1'].map((id) => `${id}  PLACED  version 1  2 items  39.98 EUR  2026-01-01T00:00:00.000Z`),
    );
    expect((await cli('list', 'c-1', '--limit', '2')).out.split('\n').slice(1)).toEqual([
      'o-2  PLACED  version 1  2 items  39.98 EUR  2026-01-01T00:00:00.000Z',
      '2 shown, there are older ones (--limit shows more)',
    ]);
    expect((await cli('list', 'c-1')).out).toBe('no orders of c-1');
  });

  it('signs the query of a page, too', async () => {
    wants({ type: 'AWS_IAM', region: 'eu-west-1' });
    pages = [{ orders: [LISTED], nextCursor: 'n' }, { orders: [] }];
    await cli('list', 'c-1');
    const [first, second] = seen.map(({ headers }) => String(headers['authorization']).split('Signature=')[1]);
    expect([first, second]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(second).not.toBe(first);
  });

  it.each([
    [['create'], 2, '--customer'],
    [['create', '--customer', 'c', '--item', 'nonsense'], 2, 'sku:quantity:unitPrice'],
    [['update', 'o-1'], 2, '--status'],
    [['generate', '--count', '0'], 2, 'whole number'],
    [['generate', '--per-second', '-1'], 2, 'above 0'],
    [['list', 'c-1', '--limit', '0'], 2, 'whole number'],
    [['no-such-verb'], 2, 'no-such-verb'],
  ])('refuses %j with exit code %i', async (argv, exitCode, message) => {
    const run = await cli(...argv);

    expect(run.exitCode).toBe(exitCode);
    expect(run.err).toContain(message);
    expect(seen).toEqual([]);
  });

  it('exits 4 for an order that does not exist', async () => {
    answer = { status: 404, body: { title: 'Not found' } };

    expect((await cli('get', 'nope')).exitCode).toBe(4);
  });

  it('tells errors as JSON under --json', async () => {
    answer = { status: 404, body: { title: 'Not found' } };
    const run = await cli('--json', 'get', 'nope');
    expect({ ...run, err: JSON.parse(run.err) as unknown }).toEqual({
      exitCode: 4,
      out: '',
      err: { error: { message: 'GET /orders/nope answered 404: Not found' } },
    });
  });

  it('says how to get a stack when the outputs describe none', async () => {
    writeFileSync(stackFile, '{}');

    const run = await cli('get', 'o-1');

    expect(run.exitCode).toBe(2);
    expect(run.err).toContain('make -s env');
  });

  it.each([
    ['create', '--customer', 'c-1', '--item', 'sku-1:2:19.99'],
    ['update', 'o-1', '--status', 'CONFIRMED'],
    ['generate'],
  ])('lets a change come to its end when it is interrupted: %s', async (...argv) => {
    const run = await over({ protect: () => Promise.reject(new Error('made under protect')) }, argv);
    expect(run.err).toBe('orders: made under protect');
    expect(seen).toEqual([]);
  });

  function wants(api_authorization: { readonly type: string; readonly region: string }): void {
    const endpoint = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    writeFileSync(stackFile, JSON.stringify({ ...outputs(endpoint), api_authorization: { value: api_authorization } }));
  }

  function cli(...argv: string[]) {
    return over({}, argv);
  }

  async function over(parts: Partial<OrdersContext>, argv: readonly string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const exitCode = await runProgram(
      ORDERS,
      ['--stack', stackFile, ...argv],
      {
        api: (command) => readOutputs(apiOutputs, command.optsWithGlobals<{ stack?: string }>().stack, folder, {}),
        credentials: () =>
          Promise.resolve({ accessKeyId: 'AKIDSPEC', secretAccessKey: 'secret', sessionToken: 'session' }),
        newKey: () => 'key-1',
        now: Date.now,
        sleep: () => Promise.resolve(),
        protect: (work) => work(new AbortController().signal),
        print: (text) => void out.push(text),
        progress: () => undefined,
        style: styleFor({}, {}),
        setExitCode: () => undefined,
        ...parts,
      },
      { version: '1.2.3', environment: {}, complain: (text) => void err.push(text) },
    );
    return { exitCode, out: out.join('\n'), err: err.join('\n') };
  }
});

const LISTED = {
  orderId: 'o-1',
  status: 'PLACED',
  total: '39.98',
  currency: 'EUR',
  itemCount: 2,
  placedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 1,
};

function outputs(endpoint: string): Record<string, { value: unknown }> {
  return { api_endpoint: { value: endpoint } };
}
