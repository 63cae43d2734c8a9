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
import { handler } from './handler';

describe('fulfilment', () => {
  it('writes one shipment for a created order', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(1))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      expect.objectContaining({
        TableName: 'fulfilment-table',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: expect.objectContaining({
          pk: { S: 'orders#order#o-1' },
          sk: { S: 'EFFECT#0000000001' },
          effect: {
            M: {
              shipmentId: { S: 'event-1' },
              shipmentStatus: { S: 'REQUESTED' },
              customerId: { S: 'c-1' },
              lines: { N: '2' },
              units: { N: '3' },
            },
          },
          eventId: { S: 'event-1' },
        }),
      }),
    ]);
  });

  it('has nothing to do for another event, were the rule to let it through', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(2))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });
});

function setUp() {
  const client = recordingClient();
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: 'fulfilment',
      CONSUMER_POLICY: 'once',
      CONSUMER_TABLE_NAME: 'fulfilment-table',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
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
