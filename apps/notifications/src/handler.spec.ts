import { consumerLab, orderEvent } from '@outbox/testing';
import { order } from '@outbox/orders-events';
import { recogniseEvent } from '@outbox/outbox-envelope';
import { customerMessage } from './customer-message';
import { handler } from './handler';

afterEach(() => {
  delete process.env['MAIL_URL'];
  jest.restoreAllMocks();
});

describe('notifications', () => {
  it('sends a message and then moves the head, with what was sent', async () => {
    const { deliver, mails, written } = setUp();
    expect(await deliver(orderEvent(1))).toEqual([]);
    const text = 'Order o-1: we have received it (3 items, 12.50 EUR).';
    expect(mails).toEqual([
      [
        'http://mail.test/mail/messages',
        { to: 'c-1', subject: 'Your order o-1', text },
        expect.stringMatching(/^[0-9a-f-]{36}$/),
      ],
    ]);
    expect(written()).toEqual([
      expect.objectContaining({ sk: { S: 'INBOX' }, lastVersion: { N: '1' } }),
      expect.objectContaining({
        pk: { S: 'orders#order#o-1' },
        sk: { S: 'EFFECT#0000000001' },
        effect: { M: { customerId: { S: 'c-1' }, message: { S: text }, messageId: { S: 'm-1' } } },
        expiresAt: { N: String(Date.UTC(2026, 3, 1, 12) / 1_000) },
      }),
    ]);
  });

  it('only records what it would have sent where there is no mail provider', async () => {
    const { deliver, mails, written } = setUp();
    delete process.env['MAIL_URL'];
    expect(await deliver(orderEvent(1))).toEqual([]);
    expect(mails).toEqual([]);
    expect(written()[1]).toMatchObject({ effect: { M: { customerId: { S: 'c-1' } } } });
  });

  it('parks a change whose predecessor is missing, and sends nothing for it', async () => {
    const { deliver, mails, sent } = setUp();
    expect(await deliver(orderEvent(2))).toEqual(['m']);
    expect(sent.at(-1)).toEqual({ QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 1 });
    expect(mails).toEqual([]);
  });
});

describe('customerMessage', () => {
  it.each([
    [1, {}, 'Order o-1: we have received it (3 items, 12.50 EUR).'],
    [
      1,
      { items: [{ sku: 'a', quantity: 1, unitPrice: '5' }], total: '5', currency: 'JPY' },
      'Order o-1: we have received it (1 item, 5 JPY).',
    ],
    [2, { changed: ['status'], status: 'SHIPPED' }, 'Order o-1: it is on its way.'],
    [
      2,
      { changed: ['status', 'items'], status: 'CONFIRMED' },
      'Order o-1: it is confirmed; it now holds 3 items, 12.50 EUR.',
    ],
    [2, { changed: ['giftNote'] }, 'Order o-1: it was updated.'],
  ])('tells of version %i with %j', (version, data, message) => {
    const recognised = recogniseEvent(order.eventTypes, orderEvent(version, { data }));
    expect(recognised.kind === 'known' && customerMessage(recognised.event)).toBe(message);
  });
});

function setUp() {
  process.env['MAIL_URL'] = 'http://mail.test';
  const mails: unknown[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const key = new Headers(init?.headers).get('idempotency-key');
    mails.push([input, JSON.parse(String(init?.body)) as unknown, key]);
    return Promise.resolve(new Response('{"messageId":"m-1"}', { status: 202 }));
  });
  return { mails, ...consumerLab(handler) };
}
