import { randomUUID } from 'node:crypto';
import { changeOrder, newOrder, outboxctl, placeConfirmedOrder, placeOrder, request, trace } from './support/orders';
import { readStack } from './support/stack';
import { eventually } from '@outbox/testing';
import { run, target } from './support/target';

const stack = readStack();

describe('an order placed over HTTP', () => {
  it('is shipped and confirmed, and every subscribed consumer acts once on each event of it', async () => {
    const { orderId } = await placeConfirmedOrder(stack);
    const placed = trace(orderId);
    expect(placed).toMatchObject({
      complete: true,
      events: [
        { type: 'OrderCreated', sequence: 1 },
        { type: 'OrderUpdated', sequence: 2 },
      ],
    });
    expect(placed.events[0]?.consumers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ consumer: 'fulfilment', state: 'done', receives: 1 }),
        expect.objectContaining({ consumer: 'notifications', state: 'done', receives: 1 }),
        expect.objectContaining({ consumer: 'order-view', state: expect.stringMatching(/^(done|superseded)$/) }),
      ]),
    );
    if (target() === 'local') {
      expect(trace(orderId, 30, 'shipment')).toMatchObject({
        complete: true,
        events: [{ type: 'ShipmentBooked', sequence: 1 }],
      });
    }

    expect((await changeOrder(stack, orderId, { status: 'SHIPPED' }, '"2"')).status).toBe(200);
    const after = trace(orderId);
    expect(after.complete).toBe(true);
    expect(after.events.map((event) => event.type)).toEqual(['OrderCreated', 'OrderUpdated', 'OrderUpdated']);
    expect(after.events[2]?.consumers.map((hop) => [hop.consumer, hop.state]).sort()).toEqual([
      ['fulfilment', 'not-subscribed'],
      ['notifications', 'done'],
      ['order-progress', 'done'],
      ['order-view', 'done'],
    ]);
  });

  it('can be read back by its id and in its customer’s list', async () => {
    const customerId = `customer/${randomUUID()}`;
    const { orderId, answer } = await placeOrder(stack, newOrder({ customerId }));
    expect(answer.location).toBe(`${stack.api_endpoint}/orders/${orderId}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body).toMatchObject({ orderId, status: 'PLACED', version: 1 });

    const read = await request(stack, 'GET', `/orders/${orderId}`);
    expect(read).toMatchObject({ status: 200, body: { orderId, customerId } });

    const listed = await eventually(async () => {
      const list = await request(stack, 'GET', `/customers/${encodeURIComponent(customerId)}/orders`);
      expect(list.status).toBe(200);
      expect(list.body['orders']).toHaveLength(1);
      return list;
    });
    expect(listed.body['orders']).toEqual([expect.objectContaining({ orderId, total: '39.98' })]);
  });

  it('works with the printed curl line, pasted as it is', () => {
    const { stdout } = run('bash', ['-c', `${stack.curl_example} -s -o /dev/null -w '%{http_code}'`]);
    expect(stdout).toBe('201');
  });

  it('leaves nothing for reconcile to find', async () => {
    // The stack's own time: a local cloud's clock may have been moved.
    const { answer } = await placeOrder(stack);
    const now = new Date(Date.parse(String(answer.body['placedAt'])) + 1).toISOString();
    const report = await eventually(
      () => outboxctl(['--json', 'reconcile', '--grace', '0', '--now', now]).stdout.trim().split('\n').at(-1) ?? '',
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    expect(JSON.parse(report)).toMatchObject({
      aggregates: expect.any(Number),
      findings: { lost: 0, late: 0, duplicated: 0 },
    });
  });
});
