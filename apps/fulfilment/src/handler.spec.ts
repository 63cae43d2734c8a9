import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { readConfig } from './config';
import { createHandler } from './handler';

describe('fulfilment', () => {
  it('writes one shipment for a created order', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(1))).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ input }) => input)).toEqual([
      expect.objectContaining({
        TableName: 'fulfilment-table',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: expect.objectContaining({
          pk: { S: 'o-1' },
          sk: { S: 'EFFECT#OrderCreated' },
          shipmentId: { S: 'event-1' },
          shipmentStatus: { S: 'REQUESTED' },
          lines: { N: '2' },
          units: { N: '3' },
          eventId: { S: 'event-1' },
        }),
      }),
    ]);
  });

  it('has nothing to do for another event, were the rule to let it through', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(2, { data: { changed: ['status'] } }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });

  it('refuses to run under another policy', () => {
    expect(() => readConfig({ CONSUMER_POLICY: 'latest' })).toThrow('CONSUMER_POLICY must be one of once');
  });
});

function setUp() {
  const sent: { input: unknown }[] = [];
  const client = { send: (command: { input: unknown }) => Promise.resolve(sent.push(command) && {}) };
  const ignore = () => undefined;
  const handler = createHandler({
    config: readConfig({
      CONSUMER_NAME: 'fulfilment',
      CONSUMER_POLICY: 'once',
      CONSUMER_TABLE_NAME: 'fulfilment-table',
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
