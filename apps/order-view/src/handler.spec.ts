import { consumerLab, orderEvent } from '@outbox/testing';
import { handler } from './handler';

describe('order-view', () => {
  it('replaces the view of an order by a newer one only', async () => {
    const { deliver, sent } = setUp();
    const event = orderEvent(3, { data: { status: 'SHIPPED' } });
    expect(await deliver({ ...event, owner: 'owner-1' })).toEqual([]);
    expect(sent).toEqual([
      expect.objectContaining({
        TableName: 'order-view-table',
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        Item: {
          pk: { S: 'orders#order#o-1' },
          sk: { S: 'INBOX' },
          customerId: { S: 'c-1' },
          placedAt: { S: '2026-01-01T11:00:00.000Z' },
          effect: {
            M: {
              customerId: { S: 'c-1' },
              owner: { S: 'owner-1' },
              placedAt: { S: '2026-01-01T11:00:00.000Z' },
              updatedAt: { S: '2026-01-01T11:59:58.000Z' },
              status: { S: 'SHIPPED' },
              total: { S: '12.50' },
              currency: { S: 'EUR' },
              itemCount: { N: '2' },
            },
          },
          status: { S: 'completed' },
          firstVersion: { N: '3' },
          lastVersion: { N: '3' },
          lastEventId: { S: 'event-3' },
          eventId: { S: 'event-3' },
          version: { N: '3' },
          type: { S: 'OrderUpdated' },
          committedAt: { S: '2026-01-01T11:59:58.000Z' },
          busAt: { S: '2026-01-01T11:59:59Z' },
          queuedAt: { S: '2026-01-01T12:00:00.000Z' },
          appliedAt: { S: '2026-01-01T12:00:00.000Z' },
          receives: { N: '1' },
          attempts: { N: '1' },
        },
      }),
    ]);
  });

  it('tries an event of a newer schema again later instead of guessing', async () => {
    const { deliver, sent } = setUp();
    const event = orderEvent(1, { dataschema: 'urn:outbox:event:OrderCreated:v9' });
    expect(await deliver(event)).toEqual(['m']);
    expect(sent.at(-1)).toEqual({ QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 2 });
  });
});

function setUp() {
  return consumerLab(handler);
}
