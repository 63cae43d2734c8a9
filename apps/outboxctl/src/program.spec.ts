import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { loadStack } from './stack';
import { runVerb } from './testing/run-verb';
import { stackOf } from './testing/stack';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

describe('outboxctl', () => {
  let api: Server;
  let folder: string;
  let stackFile: string;
  let answer: { status: number; body: unknown };
  let seen: Seen[];

  beforeEach(async () => {
    seen = [];
    answer = { status: 200, body: {} };
    api = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        response.writeHead(answer.status, { etag: '"3"', location: 'orders/o-1' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(join(tmpdir(), 'outboxctl-'));
    stackFile = join(folder, 'stack.json');
    writeFileSync(stackFile, JSON.stringify(outputs(`http://127.0.0.1:${(api.address() as AddressInfo).port}`)));
  });

  afterEach(async () => {
    await new Promise((resolve) => api.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('places an order with an Idempotency-Key and prints the answer as JSON', async () => {
    answer = { status: 201, body: { orderId: 'o-1' } };

    const run = await outboxctl('--json', 'order', 'create', '--customer', 'c-1', '--item', 'sku-1:2:19.99');

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
    await outboxctl('order', 'update', 'o-1', '--status', 'CONFIRMED');
    await outboxctl('order', 'update', 'o-1', '--status', 'CONFIRMED', '--if-match', '7');

    expect(seen.map((request) => [request.method, request.headers['if-match']])).toEqual([
      ['GET', undefined],
      ['PATCH', '"3"'],
      ['PATCH', '"7"'],
    ]);
  });

  it('brings a token where there is one, and asks for it where the API wants one', async () => {
    await outboxctl('order', 'get', 'o-1', '--token', 'abc');
    expect(seen[0]?.headers['authorization']).toBe('Bearer abc');

    wants({ type: 'JWT', region: 'eu-west-1' });
    const run = await outboxctl('order', 'get', 'o-1');
    expect([run.exitCode, run.err]).toEqual([2, expect.stringContaining('OUTBOX_TOKEN')]);
    expect(seen).toHaveLength(1);
  });

  it('signs with the caller’s AWS credentials where the API wants that', async () => {
    wants({ type: 'AWS_IAM', region: 'eu-west-1' });
    await outboxctl('order', 'create', '--customer', 'c-1', '--item', 'sku-1:2:19.99');

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

    const run = await outboxctl('order', 'create', '--customer', 'c-1', '--item', 'sku-1:0:19.99');

    expect(run.exitCode).toBe(1);
    expect(run.err).toContain('POST /orders answered 422: Invalid order\n  /items/0/quantity: is 0');
  });

  it.each([
    [['order', 'create'], 2, '--customer'],
    [['order', 'create', '--customer', 'c', '--item', 'nonsense'], 2, 'sku:quantity:unitPrice'],
    [['order', 'update', 'o-1'], 2, '--status'],
    [['order', 'generate', '--count', '0'], 2, 'whole number'],
    [['order', 'generate', '--per-second', '-1'], 2, 'above 0'],
    [['trace', 'o-1', '--wait', 'soon'], 2, 'seconds'],
    [['no-such-verb'], 2, 'no-such-verb'],
  ])('refuses %j with exit code %i', async (argv, exitCode, message) => {
    const run = await outboxctl(...argv);

    expect(run.exitCode).toBe(exitCode);
    expect(run.err).toContain(message);
    expect(seen).toEqual([]);
  });

  it('exits 4 for an order that does not exist', async () => {
    answer = { status: 404, body: { title: 'Not found' } };

    expect((await outboxctl('order', 'get', 'nope')).exitCode).toBe(4);
  });

  it('tells its version, which no verb’s own --version is taken for', async () => {
    expect(await withoutStack('--version')).toMatchObject({ exitCode: 0, out: '1.2.3' });
    expect(await withoutStack('--json', '--version')).toMatchObject({ exitCode: 0, out: '{"version":"1.2.3"}' });
    expect(await outboxctl('failed', 'retry', '--version', '1')).toMatchObject({ exitCode: 1 });
  });

  it.each([
    [['--json'], 2, { message: 'no command is given', hint: expect.any(String) }],
    [['dlq', '--json'], 2, { message: 'no command is given', hint: expect.any(String) }],
    [['--json', 'no-such-verb'], 2, { message: "unknown command 'no-such-verb'", hint: expect.any(String) }],
    [
      ['lag', '--json', '--now', '5'],
      2,
      { message: expect.stringContaining("'--now <time>'"), hint: expect.any(String) },
    ],
    [['--json', 'order', 'get', 'nope'], 4, { message: 'GET /orders/nope answered 404: Not found' }],
  ])('tells errors as JSON under --json: %j', async (argv, exitCode, error) => {
    answer = { status: 404, body: { title: 'Not found' } };
    const run = await outboxctl(...argv);
    expect({ exitCode: run.exitCode, out: run.out, err: JSON.parse(run.err) as unknown }).toEqual({
      exitCode,
      out: '',
      err: { error },
    });
  });

  it('says how to get a stack when the outputs describe none', async () => {
    writeFileSync(stackFile, '{}');

    const run = await outboxctl('order', 'get', 'o-1');

    expect(run.exitCode).toBe(2);
    expect(run.err).toContain('make -s env');
  });

  it.each([
    ['order', 'create', '--customer', 'c-1', '--item', 'sku-1:2:19.99'],
    ['order', 'update', 'o-1', '--status', 'CONFIRMED'],
    ['order', 'generate'],
    ['dlq', 'redrive', 'notifications'],
    ['failed', 'retry', 'o-1', '--version', '1'],
    ['failed', 'retry', '--all'],
    ['reconcile', '--repair'],
    ['replay', '--from', '1h'],
    ['replay', 'cancel', 'r-1'],
    ['skip', 'o-1', '--consumer', 'notifications', '--to', '1', '--reason', 'lost'],
    ['sweep'],
  ])('lets a change come to its end when it is interrupted: %s %s', async (...argv) => {
    const asked: unknown[] = [];
    const client = () => ({ send: (command: unknown) => Promise.reject(asked.push(command)) }) as never;
    const run = await runVerb(
      {
        stack: () => Promise.resolve(stackOf()),
        ...{ dynamodb: client, lambda: client, sqs: client, eventbridge: client },
        protect: () => Promise.reject(new Error('made under protect')),
      },
      argv,
    );
    expect(run.err).toBe('outboxctl: made under protect');
    expect(asked).toEqual([]);
  });

  function wants(api_authorization: { readonly type: string; readonly region: string }): void {
    const endpoint = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    writeFileSync(stackFile, JSON.stringify({ ...outputs(endpoint), api_authorization: { value: api_authorization } }));
  }

  function withoutStack(...argv: string[]) {
    return runVerb({ stack: () => Promise.reject(new Error('no stack is needed')) }, argv);
  }

  function outboxctl(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
    return runVerb(
      {
        stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, folder, {}),
        lambda: () =>
          new LambdaClient({
            region: 'eu-west-1',
            credentials: { accessKeyId: 'AKIDSPEC', secretAccessKey: 'secret', sessionToken: 'session' },
          }),
        newKey: () => 'key-1',
        now: Date.now,
      },
      ['--stack', stackFile, ...argv],
    );
  }
});

function outputs(endpoint: string): Record<string, { value: unknown }> {
  const values = {
    api_endpoint: endpoint,
    event_bus_name: 'bus',
    orders_table_name: 'orders',
    pipe_name: 'pipe',
    archive_name: 'archive',
    consumers: {},
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
