import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { readConfig } from './config';
import { createHandler } from './handler';

describe('order-view', () => {
  it('replaces the view of an order by a newer one only', async () => {
    const { deliver, sent } = setUp();
    const event = orderEvent(3, { data: { changed: ['status'], status: 'SHIPPED' } });
    expect(await deliver(event)).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ input }) => input)).toEqual([
      expect.objectContaining({
        TableName: 'order-view-table',
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        Item: {
          pk: { S: 'o-1' },
          sk: { S: 'INBOX' },
          customerId: { S: 'c-1' },
          placedAt: { S: '2026-01-01T11:00:00.000Z' },
          updatedAt: { S: '2026-01-01T11:59:58.000Z' },
          status: { S: 'SHIPPED' },
          total: { S: '12.50' },
          currency: { S: 'EUR' },
          itemCount: { N: '2' },
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
        },
      }),
    ]);
  });

  it('sets an event of a newer schema aside instead of guessing', async () => {
    const { deliver, sent } = setUp();
    const event = orderEvent(1, { dataschema: 'urn:outbox:event:OrderCreated:v9' });
    expect(await deliver(event)).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ input }) => input)).toEqual([
      expect.objectContaining({
        QueueUrl: 'dlq',
        MessageAttributes: expect.objectContaining({ reason: { DataType: 'String', StringValue: 'unknown-version' } }),
      }),
    ]);
  });

  it('refuses to run under another policy', () => {
    expect(() => readConfig({ CONSUMER_POLICY: 'once' })).toThrow('CONSUMER_POLICY must be one of latest');
  });
});

function setUp() {
  const sent: { input: unknown }[] = [];
  const client = { send: (command: { input: unknown }) => Promise.resolve(sent.push(command) && {}) };
  const ignore = () => undefined;
  const handler = createHandler({
    config: readConfig({
      CONSUMER_NAME: 'order-view',
      CONSUMER_POLICY: 'latest',
      CONSUMER_TABLE_NAME: 'order-view-table',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
    }),
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    metrics: { count: ignore, milliseconds: ignore, flush: ignore },
  });
  const deliver = (event: Record<string, unknown>) =>
    handler({ Records: [record(event)] }, { getRemainingTimeInMillis: () => 30_000 });
  return { deliver, sent };
}

function record(event: Record<string, unknown>): SQSRecord {
  return {
    messageId: 'm',
    receiptHandle: 'h',
    body: JSON.stringify({ version: '0', 'detail-type': event['type'], time: '2026-01-01T11:59:59Z', detail: event }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.UTC(2026, 0, 1, 12)),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 1, 12)),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  };
}

function orderEvent(version: number, change: { type?: string; dataschema?: string; data?: object } = {}) {
  const type = change.type ?? (version === 1 ? 'OrderCreated' : 'OrderUpdated');
  return {
    specversion: '1.0',
    id: `event-${version}`,
    source: 'orders',
    type,
    subject: 'o-1',
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json',
    dataschema: change.dataschema ?? `urn:outbox:event:${type}:v1`,
    sequence: String(version),
    partitionkey: 'o-1',
    data: {
      orderId: 'o-1',
      customerId: 'c-1',
      status: 'PLACED',
      currency: 'EUR',
      items: [
        { sku: 'a', quantity: 2, unitPrice: '5.00' },
        { sku: 'b', quantity: 1, unitPrice: '2.50' },
      ],
      total: '12.50',
      version,
      placedAt: '2026-01-01T11:00:00.000Z',
      updatedAt: '2026-01-01T11:59:58.000Z',
      ...change.data,
    },
  };
}
