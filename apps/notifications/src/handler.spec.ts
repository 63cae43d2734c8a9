import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  busEnvelope,
  createSeededIds,
  orderEvent,
  recordingClient,
  recordingTelemetry,
  sqsRecord,
} from '@outbox/testing';
import { order } from '@outbox/orders-events';
import { recogniseEvent } from '@outbox/outbox-envelope';
import { customerMessage } from './customer-message';
import { handler } from './handler';

describe('notifications', () => {
  it.each([
    [1, {}, 'Order o-1: we have received it (3 items, 12.50 EUR).'],
    [
      1,
      { items: [{ sku: 'a', quantity: 1, unitPrice: '5' }], total: '5', currency: 'JPY' },
      'Order o-1: we have received it (1 item, 5 JPY).',
    ],
  ])('writes version %i as a message and moves the head, together', async (version, data, message) => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(version, { data }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      expect.objectContaining({ TableName: 'notifications-table', ConsistentRead: true }),
      {
        TransactItems: [
          {
            Put: expect.objectContaining({
              Item: expect.objectContaining({ sk: { S: 'INBOX' }, lastVersion: { N: '1' } }),
            }),
          },
          {
            Put: expect.objectContaining({
              Item: expect.objectContaining({
                pk: { S: 'orders#order#o-1' },
                sk: { S: 'EFFECT#0000000001' },
                effect: { M: { customerId: { S: 'c-1' }, message: { S: message } } },
              }),
            }),
          },
        ],
      },
    ]);
  });

  it('parks a change whose predecessor is missing', async () => {
    const { deliver, sent } = setUp();
    const answer = await deliver(orderEvent(2));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(sent.at(-1)).toEqual({ QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 1 });
  });
});

describe('customerMessage', () => {
  it.each([
    [{ changed: ['status'], status: 'SHIPPED' }, 'Order o-1: it is on its way.'],
    [
      { changed: ['status', 'items'], status: 'CONFIRMED' },
      'Order o-1: it is confirmed; it now holds 3 items, 12.50 EUR.',
    ],
    [{ changed: ['giftNote'] }, 'Order o-1: it was updated.'],
  ])('tells %j', (data, message) => {
    const recognised = recogniseEvent(order.eventTypes, orderEvent(2, { data }));
    expect(recognised.kind === 'known' && customerMessage(recognised.event)).toBe(message);
  });
});

function setUp() {
  const client = recordingClient();
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: 'notifications',
      CONSUMER_POLICY: 'in-order',
      CONSUMER_TABLE_NAME: 'notifications-table',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
      IN_ORDER_START: 'beginning',
      PARK_BUDGET_SECONDS: '3600',
    },
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  });
  const deliver = (event: unknown) =>
    handle({ Records: [sqsRecord(busEnvelope(event))] }, { getRemainingTimeInMillis: () => 30_000 });
  return { deliver, sent: client.inputs };
}
