import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIds } from '@outbox/function-kit';
import { createMemoryOutbox } from '@outbox/outbox-testing';
import { createFakeClock, gatewayEvent, recordingTelemetry, type WireRequest } from '@outbox/testing';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createHandler } from './handler';
import { GATEWAY, json, key, order, POST, ROWS, type Row } from './testing/http-rows';

const document = join(__dirname, '..', '..', '..', 'docs', 'reference', 'http.md');

describe('HTTP by the book', () => {
  it.each(ROWS.map((row) => ({ ...row, row })))('$source: $route, $what: $answer', async ({ row }) => {
    const { send, place } = setUp();
    const { route, headers = [], body } = row;
    const id = route === POST ? '' : await place();
    const line = route.replace('{orderId}', id);
    const response = await send(route, { line, headers, ...(body === undefined ? {} : { body }) });

    expect(answerOf(response)).toBe(row.answer);
    expect(response.headers).toMatchObject(row.sent ?? {});
    if (row.detail !== undefined) expect(bodyOf(response)['detail']).toContain(row.detail);
    expect(response.body === undefined).toBe(response.statusCode === 304);
  });

  it('is what docs/reference/http.md says', () => {
    const text = readFileSync(document, 'utf8');
    const [begin, end] = ['<!-- rows: begin (UPDATE_DOCS=1 npx nx test orders-api) -->\n\n', '\n<!-- rows: end -->'];
    const [before = '', rest = ''] = text.split(begin);
    const wanted = `${before}${begin}${list()}${end}${rest.split(end)[1] ?? ''}`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(document, wanted);
    // Out of date? UPDATE_DOCS=1 npx nx test orders-api
    expect(readFileSync(document, 'utf8')).toBe(wanted);
  });

  it.each([
    ['a key', key],
    ['one with a comma in quotes', `"${key}, ${key}"`],
    ['one with half a quote', `${key}"5`],
  ])('makes one order of %s, however often it is sent in one request', async (_what, value) => {
    const { send, outbox } = setUp();
    const ids = [];
    for (const times of [1, 2, 3]) {
      const keys = Array.from({ length: times }, () => ['Idempotency-Key', value] as const);
      ids.push(bodyOf(await send(POST, { line: POST, headers: [json, ...keys], body: order }))['orderId']);
    }
    expect([new Set(ids).size, outbox.memory.items('orders').length]).toEqual([1, 1]);
  });

  it.each([
    ['the root', 'https://api.example.com/orders', 'https://api.example.com/orders/ID'],
    ['a stage', 'https://api.example.com/v1/orders', 'https://api.example.com/v1/orders/ID'],
    ['the local cloud', 'http://127.0.0.1:4566/_api/a1b2/orders', 'http://127.0.0.1:4566/_api/a1b2/orders/ID'],
  ])('sends a Location that leads to the order from %s', async (_where, target, wanted) => {
    const response = await setUp().send(POST, { line: POST, headers: [json], body: order });
    const location = String(response.headers?.['location']);
    expect(new URL(location, target).href).toBe(wanted.replace('ID', String(bodyOf(response)['orderId'])));
  });

  it('goes on with one trace of two equal ones, and starts one where they differ', async () => {
    const { send, outbox } = setUp();
    const one = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const other = one.replace('0af7', '1af7');
    for (const second of [one, other]) {
      const headers = [json, ['traceparent', one], ['traceparent', second]] as const;
      await send(POST, { line: POST, headers, body: order });
    }
    const [same, started] = outbox.events().map((event) => event.traceparent);
    expect(same).toBe(one);
    expect([one, other]).not.toContain(started);
  });

  it('makes every change of If-Match: * that loses a race, on what won', async () => {
    const { send, place, outbox } = setUp();
    const id = await place();
    const items = (n: number) => JSON.stringify({ items: [{ sku: `s-${n}`, quantity: 1, unitPrice: '1' }] });
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        send('PATCH /orders/{orderId}', {
          line: `PATCH /orders/${id}`,
          headers: [json, ['If-Match', '*']],
          body: items(n),
        }),
      ),
    );
    expect(answers.map(answerOf)).toEqual(['200', '200', '200', '200']);
    expect(outbox.memory.items('orders')).toMatchObject([{ orderId: id, version: 5 }]);
  });
});

function setUp() {
  const outbox = createMemoryOutbox({ tables: { orders: ['orderId'] } });
  const clock = createFakeClock(Date.UTC(2026, 0, 1));
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const handler = createHandler({
    orders: { dynamodb: outbox.memory.client, tableName: 'orders' },
    outbox,
    requireIdempotencyKey: false,
    clock,
    ids: createIds(clock, () => random(16)),
    random,
    ...recordingTelemetry(),
  });
  const send = (route: Row['route'], request: WireRequest) =>
    handler(gatewayEvent(route, request), { getRemainingTimeInMillis: () => 10_000 });
  const place = async () => String(bodyOf(await send(POST, { line: POST, headers: [json], body: order }))['orderId']);
  return { send, place, outbox };
}

function bodyOf(response: APIGatewayProxyStructuredResultV2): Record<string, unknown> {
  return JSON.parse(response.body ?? '') as Record<string, unknown>;
}

/** `201`; `412 if-match-stale` for a problem. */
function answerOf(response: APIGatewayProxyStructuredResultV2): string {
  const status = String(response.statusCode);
  if (response.headers?.['content-type'] !== 'application/problem+json') return status;
  return `${status} ${String(bodyOf(response)['type']).replace('urn:outbox:problem:', '')}`;
}

/** The rows as Markdown, a list per source. */
function list(): string {
  const lines = new Map<string, string[]>();
  const add = (source: string, line: string) => lines.set(source, [...(lines.get(source) ?? []), line]);
  for (const { source, route, what, answer } of ROWS) {
    const [status = '', kind] = answer.split(' ');
    add(source, `- ${route.split(' ')[0]}, ${what}: **${status}**${kind === undefined ? '' : ` \`${kind}\``}`);
  }
  for (const [source, what, answer] of GATEWAY) add(source, `- API Gateway, ${what}: ${answer}`);
  return [...lines].map(([source, rows]) => `**${source}**\n\n${rows.join('\n')}\n`).join('\n');
}
