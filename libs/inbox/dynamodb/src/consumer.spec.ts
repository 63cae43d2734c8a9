import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { busEnvelope, createSeededIds, recordingClient, recordingTelemetry, sqsRecord } from '@outbox/testing';
import { defineAggregate } from '@outbox/outbox-envelope';
import * as z from 'zod/mini';
import { consumer } from './consumer';
import { milliseconds, retryIn } from './failure';
import { NOW, thingEvent } from './testing/lab';

const thing = defineAggregate('thing', {
  events: { Made: { v1: z.object({ note: z.string() }) }, Moved: { v1: z.object({}) } },
});

const variables = {
  CONSUMER_NAME: 'spec',
  CONSUMER_POLICY: 'once',
  CONSUMER_TABLE_NAME: 'table',
  QUEUE_URL: 'queue',
  DLQ_URL: 'dlq',
  INBOX_RETENTION_DAYS: '45',
  LAG_OBJECTIVE_SECONDS: '60',
};

const effectOnly = () =>
  consumer({ name: 'spec', policy: 'once', on: [thing.Made], effect: ({ data }) => ({ note: data.note }) });

describe('consumer', () => {
  it('writes the effect of the events it is on, and a note for others', async () => {
    const { deliver, sent } = setUp(effectOnly());
    expect(await deliver('ThingMade', { note: 'n' })).toEqual([]);
    expect(sent).toEqual([
      expect.objectContaining({ Item: expect.objectContaining({ effect: { M: { note: { S: 'n' } } } }) }),
    ]);
    expect(await deliver('ThingMoved', {})).toEqual([]);
    expect(sent.slice(1)).toEqual([
      expect.objectContaining({ Item: expect.objectContaining({ reason: { S: 'unknown-type' } }) }),
    ]);
  });

  it('has every line that is logged about an event name it, its trace and its request, those of its own code too', async () => {
    const { deliver, logged } = setUp(
      consumer({
        name: 'spec',
        policy: 'once',
        on: [thing.Made],
        complete: (_event, { logger }) => {
          logger.info('of its own', { more: 1 });
          return {};
        },
      }),
    );
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await deliver('ThingMade', { note: 'n' }, { traceparent, correlationid: 'c-1' });
    const about = { traceId: '0af7651916cd43dd8448eb211c80319c', correlationId: 'c-1', eventId: 'o-1', subject: 'o' };
    expect(logged).toMatchObject([
      { message: 'of its own', fields: { ...about, more: 1 } },
      { message: 'event applied', fields: about },
    ]);
  });

  it('keeps the place of an event whose data is not what its schema says, and sets it aside', async () => {
    const { deliver, sent } = setUp(effectOnly());
    expect(await deliver('ThingMade', {})).toEqual([]);
    expect(sent).toEqual([
      expect.objectContaining({ Key: { pk: { S: 's#thing#o' }, sk: { S: 'EFFECT#0000000001' } } }),
      expect.objectContaining({ UpdateExpression: 'SET pending = :pending' }),
      expect.objectContaining({
        QueueUrl: 'dlq',
        MessageAttributes: expect.objectContaining({ reason: { DataType: 'String', StringValue: 'malformed' } }),
      }),
    ]);
  });

  it.each([
    ['a source that can’t be part of a key', { source: 'a#b' }, 'source "a#b" holds a #'],
    ['an id that is too long for a key', { subject: 'x'.repeat(2_048) }, 'a subject of 2056 bytes'],
  ])('sets aside at once what has no place: %s', async (_what, change, detail) => {
    const { deliver, sent } = setUp(effectOnly());
    expect(await deliver('ThingMade', { note: 'n' }, change)).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).toContain(JSON.stringify(detail).slice(1, -1));
  });

  it('reads no environment before its first invocation, and then names what is missing', async () => {
    const handler = effectOnly();
    const invocation = handler({ Records: [] }, { getRemainingTimeInMillis: () => 1_000 });
    await expect(invocation).rejects.toThrow('environment variable CONSUMER_POLICY is not set');
  });

  it.each([
    ['another policy', { CONSUMER_POLICY: 'latest' }, 'CONSUMER_POLICY must be one of once'],
    ['another name', { CONSUMER_NAME: 'other' }, 'CONSUMER_NAME must be one of spec'],
    ['a senseless number', { MAX_ATTEMPTS: '0' }, 'MAX_ATTEMPTS must be a whole number from 1'],
  ])('refuses to run under %s', (_what, more, message) => {
    expect(() => setUp(effectOnly(), more)).toThrow(message);
  });

  it('names the variable that a consumer lacks which emits', async () => {
    const emitting = consumer({
      name: 'spec',
      policy: 'once',
      on: thing,
      complete: () => ({ emit: [{ aggregate: thing, id: 'x', after: 0, events: [thing.Moved({})] }] }),
    });
    const { deliver, logged } = setUp(emitting);
    expect(await deliver('ThingMade', { note: 'n' })).toEqual(['m']);
    expect(logged).toContainEqual(
      expect.objectContaining({
        message: 'event failed, and is tried again',
        fields: expect.objectContaining({
          error: expect.stringContaining('variable OUTBOX_TABLE_NAME is not set'),
          stack: expect.stringMatching(/OUTBOX_TABLE_NAME is not set[^]*at .*commit\.ts:\d+/),
        }),
      }),
    );
  });

  it.each<[string, { readonly lookup?: () => undefined }, number]>([
    ['', {}, 16_000],
    [' and its lookup', { lookup: () => undefined }, 31_000],
  ])('refuses an invocation that has no time for a call%s', async (_what, more, neededMs) => {
    const calling = consumer({ name: 'spec', policy: 'once', on: thing, callTimeout: '15s', call: () => 1, ...more });
    expect(await setUp(calling, {}, neededMs).deliver('ThingMade', { note: 'n' })).toEqual([]);
    await expect(setUp(calling, {}, neededMs - 1).deliver('ThingMade', { note: 'n' })).rejects.toThrow(
      `may take ${neededMs} ms, an invocation has ${neededMs - 1} ms: lower callTimeout or raise the function's timeout`,
    );
  });

  it.each<[string, () => unknown, string]>([
    [
      'an index on an attribute of the record',
      () => consumer({ name: 'c', policy: 'latest', on: thing, effect: () => ({}), indexed: ['status'] }),
      'consumer c: indexed: status is an attribute of the record itself',
    ],
    [
      'a time that is none',
      () => consumer({ name: 'c', policy: 'once', on: thing, callTimeout: '5 s', call: () => 1 }),
      'consumer c: callTimeout: "5 s" is no duration',
    ],
    [
      'no event type',
      () => consumer({ name: 'c', policy: 'once', on: [], effect: () => ({}) }),
      'consumer c: `on` names no event type',
    ],
    [
      'a name that is none',
      () => consumer({ name: 'C', policy: 'once', on: thing, effect: () => ({}) }),
      'consumer C: its name takes',
    ],
    [
      'fields that are forgotten before the event may come again',
      () => setUp(consumer({ name: 'spec', policy: 'once', on: thing, effect: () => ({}), keepDays: 30 })),
      'consumer spec: keepDays (30) is less than INBOX_RETENTION_DAYS (45)',
    ],
  ])('refuses a definition with %s', (_what, define, message) => {
    expect(define).toThrow(message);
  });
});

describe('a duration', () => {
  it('is read by its unit, and within what a queue can wait', () => {
    expect(['500ms', '5s', '2m', '1h'].map(milliseconds)).toEqual([500, 5_000, 120_000, 3_600_000]);
    expect([retryIn('500ms').seconds, retryIn('11h').seconds]).toEqual([1, 39_600]);
    for (const duration of ['0s', '12h', '5', 's', '-1s']) expect(() => retryIn(duration)).toThrow(RangeError);
  });
});

function setUp(
  handler: ReturnType<typeof effectOnly>,
  more: Readonly<Record<string, string>> = {},
  timeoutMs = 30_000,
) {
  const client = recordingClient();
  const telemetry = recordingTelemetry();
  const handle = handler.using({
    variables: { ...variables, ...more },
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    clock: { now: () => NOW },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...telemetry,
  });
  const deliver = async (type: string, data: object, change: object = {}): Promise<string[]> => {
    const event = { ...thingEvent('o', 1), type, dataschema: `urn:outbox:event:${type}:v1`, data, ...change };
    const context = { getRemainingTimeInMillis: () => timeoutMs };
    const { batchItemFailures } = await handle({ Records: [sqsRecord(busEnvelope(event))] }, context);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { deliver, sent: client.inputs, ...telemetry };
}
