import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  busEnvelope,
  parcelEvent,
  recordingClient,
  recordingTelemetry,
  recordingTracer,
  sqsRecord,
} from '@outbox/testing';
import { readAcknowledgerConfig } from './config';
import { createAcknowledgerHandler } from './acknowledger-handler';

const NOW = Date.UTC(2026, 0, 1, 12);

describe('outbox-acknowledger', () => {
  it('marks the outbox item of an event, and leaves what is not there alone', async () => {
    const { deliver, updates } = setUp();
    expect(await deliver(busEnvelope(parcelEvent(3)))).toEqual({ batchItemFailures: [] });
    expect(updates).toEqual([
      expect.objectContaining({
        TableName: 'outbox-table',
        Key: { pk: { S: 'parcel#p-1' }, sk: { S: 'EVENT#0000000003' } },
        ConditionExpression: 'attribute_exists(pk) AND id = :id AND attribute_exists(unpublishedShard)',
        ExpressionAttributeValues: {
          ':id': { S: 'event-3' },
          ':publishedAt': { S: '2026-01-01T12:00:00.000Z' },
          ':expiresAt': { N: String(NOW / 1_000 + 7 * 86_400) },
        },
      }),
    ]);
  });

  it('sets aside what is no event of this outbox, with its reason, and acknowledges its neighbours', async () => {
    const { deliver, updates, sent } = setUp();
    const foreign = busEnvelope(parcelEvent(1)).replace('"source":"parcels"', '"source":"billing"');
    const response = await deliver(
      '{',
      foreign,
      busEnvelope({ id: 'e', source: 'parcels' }),
      busEnvelope(parcelEvent(1)),
    );
    expect(response).toEqual({ batchItemFailures: [] });
    expect(updates).toHaveLength(1);
    expect(sent).toEqual(
      ['the body is not an EventBridge event', 'its source is "billing", not parcels', 'specversion'].map((detail) =>
        expect.objectContaining({
          QueueUrl: 'dlq',
          MessageAttributes: {
            reason: text('malformed'),
            detail: text(expect.stringContaining(detail)),
            consumer: text('outbox-acknowledger'),
            firstReceivedAt: text('2026-01-01T12:00:00.000Z'),
            receiveCount: { DataType: 'Number', StringValue: '1' },
          },
        }),
      ),
    );
  });

  it('keeps a message whose update or dead letter did not get through, and tells how long its event waits', async () => {
    const { deliver, measured } = setUp(() => {
      throw new Error('no way through');
    });
    const response = await deliver('{', busEnvelope(parcelEvent(1)));
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }]);
    expect(measured).toEqual([['PublishLag', 2_000]]);
  });

  it.each([
    ['a redrive', sqsRecord(busEnvelope(parcelEvent(1)), { attributes: { redriven: 'rejected' } })],
    ['a replay', sqsRecord(busEnvelope(parcelEvent(1), undefined, { 'replay-name': 'again' }))],
  ])('tells no publish lag of %s, whether it gets through or not', async (_what, record) => {
    const failing = () => {
      throw new Error('no way through');
    };
    for (const answer of [undefined, failing]) {
      const { handler, measured } = setUp(answer);
      await handler({ Records: [record] }, { getRemainingTimeInMillis: () => 30_000 });
      expect(measured).toEqual([]);
    }
  });

  it('keeps just the message that did not get through, not its neighbours', async () => {
    const { deliver } = setUp((input) => {
      if (JSON.stringify(input).includes('EVENT#0000000002')) throw new Error('no way through');
    });
    const response = await deliver(...[1, 2, 3].map((version) => busEnvelope(parcelEvent(version))));
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  it('starts nothing once the time is used up', async () => {
    const { handler, updates } = setUp();
    const Records = [sqsRecord(busEnvelope(parcelEvent(1)), { messageId: 'm0' })];
    const response = await handler({ Records }, { getRemainingTimeInMillis: () => 900 });
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(updates).toEqual([]);
  });

  it('tells the way of an event to the queue, which nobody else is there to tell, once', async () => {
    const { deliver, tracer } = setUp();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const event = { ...parcelEvent(1), traceparent, relayedat: '2026-01-01T11:59:59.000Z' };
    await deliver(busEnvelope(event));
    const times = tracer.spans.map(({ name, startedAt, endedAt }) => [
      name,
      startedAt && startedAt - NOW,
      endedAt && endedAt - NOW,
    ]);
    expect(times).toEqual([
      ['queue wait', 0, 0],
      ['relay', -2_000, -1_000],
      ['publish', -1_000, 0],
      ['acknowledge ParcelRegistered', undefined, undefined],
    ]);
    expect(new Set(tracer.spans.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(['b7ad6b7169203331']));
    expect(tracer.flushes()).toBe(1);
    const repeated = setUp(() => {
      throw Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
    });
    await repeated.deliver(busEnvelope(event));
    expect(repeated.tracer.spans.map(({ name }) => name)).toEqual(['queue wait', 'acknowledge ParcelRegistered']);
  });

  it('names an event in its log lines as every function does', async () => {
    const { deliver, logged } = setUp();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await deliver(busEnvelope({ ...parcelEvent(1), traceparent, correlationid: 'c-1' }));
    expect(logged).toEqual([
      expect.objectContaining({
        message: 'event seen on the bus',
        fields: expect.objectContaining({
          traceId: '0af7651916cd43dd8448eb211c80319c',
          correlationId: 'c-1',
          eventId: 'event-1',
          type: 'ParcelRegistered',
          aggregateType: 'parcel',
          subject: 'p-1',
          version: 1,
        }),
      }),
    ]);
  });

  it('names the variable that is missing', () => {
    expect(() =>
      readAcknowledgerConfig({
        EVENT_SOURCE: 'parcels',
        OUTBOX_TABLE_NAME: 't',
        OUTBOX_RETENTION_DAYS: '0',
        DLQ_URL: 'd',
      }),
    ).toThrow('OUTBOX_RETENTION_DAYS');
  });
});

function setUp(answer?: (input: unknown) => unknown) {
  const dynamodb = recordingClient(answer);
  const sqs = recordingClient(answer);
  const telemetry = recordingTelemetry();
  const tracer = recordingTracer();
  const handler = createAcknowledgerHandler({
    config: readAcknowledgerConfig({
      OUTBOX_TABLE_NAME: 'outbox-table',
      OUTBOX_RETENTION_DAYS: '7',
      DLQ_URL: 'dlq',
      EVENT_SOURCE: 'parcels',
    }),
    dynamodb: dynamodb as unknown as DynamoDBClient,
    sqs: sqs as unknown as SQSClient,
    clock: { now: () => NOW },
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...telemetry,
    tracer,
  });
  const deliver = (...bodies: string[]) =>
    handler(
      { Records: bodies.map((body, index) => sqsRecord(body, { messageId: `m${index}` })) },
      { getRemainingTimeInMillis: () => 30_000 },
    );
  return { handler, deliver, updates: dynamodb.inputs, sent: sqs.inputs, tracer, ...telemetry };
}

function text(StringValue: unknown) {
  return { DataType: 'String', StringValue };
}
