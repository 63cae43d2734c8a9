import { randomUUID } from 'node:crypto';
import { newOrder, placeConfirmedOrder, placeOrder, request } from './support/orders';
import { readStack } from './support/stack';

const api = readStack();
const item = { sku: 'sku-1', quantity: 1, unitPrice: '1.00' };

describe('what bad input gets over HTTP', () => {
  const invalidUtf8 = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
  it.each<[string, number, unknown]>([
    ['malformed JSON', 400, '{"customerId":'],
    ['bytes that are no UTF-8', 400, invalidUtf8],
    ['an array instead of an object', 422, []],
    ['an unknown field', 422, newOrder({ surprise: true })],
    ['a wrong type', 422, newOrder({ items: 'none' })],
    ['a negative price', 422, newOrder({ items: [{ ...item, unitPrice: '-1.00' }] })],
    ['a price as a number', 422, newOrder({ items: [{ ...item, unitPrice: 1 }] })],
    ['decimals in JPY', 422, newOrder({ currency: 'JPY', items: [{ ...item, unitPrice: '1.5' }] })],
    ['four decimals in KWD', 422, newOrder({ currency: 'KWD', items: [{ ...item, unitPrice: '1.2345' }] })],
    ['an unknown currency', 422, newOrder({ currency: 'XXQ' })],
    ['501 items', 422, newOrder({ items: Array.from({ length: 501 }, (_, n) => ({ ...item, sku: `sku-${n}` })) })],
    ['a body over 128 KiB', 413, newOrder({ customerId: 'x'.repeat(140_000) })],
  ])('%s: %i with a problem document', async (_what, status, body) => {
    const answer = await request(api, 'POST', '/orders', body, { 'idempotency-key': randomUUID() });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      type: expect.any(String),
      title: expect.any(String),
      requestId: expect.any(String),
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/\.js:\d+|\bat .+\(/);
  });

  it('names every invalid field by its JSON pointer', async () => {
    const order = newOrder({ customerId: '', items: [{ sku: '', quantity: 0, unitPrice: '1.999' }] });
    const answer = await request(api, 'POST', '/orders', order);

    expect(answer.status).toBe(422);
    const pointers = (answer.body['errors'] as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/customerId', '/items/0/sku', '/items/0/quantity', '/items/0/unitPrice']),
    );
  });

  it('accepts three decimals in KWD and none in JPY', async () => {
    await placeOrder(api, newOrder({ currency: 'KWD', items: [{ ...item, unitPrice: '1.234' }] }));
    await placeOrder(api, newOrder({ currency: 'JPY', items: [{ ...item, unitPrice: '5' }] }));
  });

  it('answers 415 for another media type, 428 without If-Match, 412 for a stale one, 409 for an illegal transition, 404 for an unknown order', async () => {
    const { orderId } = await placeConfirmedOrder(api);
    const patch = (change: unknown, headers: Record<string, string>) =>
      request(api, 'PATCH', `/orders/${orderId}`, change, headers);

    expect((await request(api, 'POST', '/orders', 'a=b', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await patch({ status: 'SHIPPED' }, {})).status).toBe(428);
    expect((await patch({ status: 'DELIVERED' }, { 'if-match': '"2"' })).status).toBe(409);
    expect((await patch({ status: 'SHIPPED' }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await patch({ status: 'CANCELLED' }, { 'if-match': '"2"' })).status).toBe(412);
    expect((await request(api, 'GET', `/orders/${randomUUID()}`)).status).toBe(404);
  });
});
