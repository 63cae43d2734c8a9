import type { SQSClient } from '@aws-sdk/client-sqs';
import { busEnvelope, recordingTelemetry, sqsRecord } from '@outbox/testing';
import type { SQSRecord } from 'aws-lambda';
import { createBatchHandler } from './batch-handler';
import type { ConsumedEvent, Recognised } from './event';
import type { Inbox, Settled } from './inbox';
import { createConsumerQueue } from './queue';

const NOW = Date.UTC(2026, 0, 1, 12);

describe('createBatchHandler', () => {
  it('applies the versions of a subject in order, whatever their order in the batch', async () => {
    const { handle, settled } = setUp();
    const response = await handle([
      record('m3', event('s', 3)),
      record('m1', event('s', 1)),
      record('m2', event('s', 2)),
    ]);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(settled).toEqual(['s/1', 's/2', 's/3']);
  });

  it('starts no version of a subject before the one ahead of it is done with', async () => {
    const places: [string, number][] = [];
    const { handle } = setUp({
      verdict: (place, started) => {
        places.push([place, started]);
        return { kind: 'apply' };
      },
    });
    await handle([record('m2', event('s', 2)), record('m1', event('s', 1))]);
    expect(places).toEqual([
      ['s/1', 1],
      ['s/2', 2],
    ]);
  });

  it('sets a malformed message aside with its reason and leaves its neighbours unharmed', async () => {
    const { handle, settled, sent } = setUp();
    const response = await handle([
      record('good-1', event('a', 1)),
      record('not-json', '{'),
      record('no-envelope', '{"hello":1}'),
      record('bad-sequence', event('b', 0)),
      record('unreadable', busEnvelope({ nonsense: true })),
      record('good-2', event('c', 1)),
    ]);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(settled).toEqual(['a/1', 'c/1']);
    expect(sent.map(({ input }) => input)).toEqual(
      ['the body is not JSON', 'the body is not an EventBridge event', 'sequence "0" is not a version', 'no event'].map(
        (detail) => expect.objectContaining({ MessageAttributes: attributes('malformed', detail) }),
      ),
    );
    expect(sent[0]?.input).toMatchObject({ QueueUrl: 'dlq', MessageBody: '{' });
  });

  it('parks by visibility and has the message delivered again', async () => {
    const { handle, sent } = setUp({ verdict: () => ({ kind: 'park', visibilitySeconds: 8 }) });
    expect(await handle([record('m', event('s', 3))])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(sent.map(({ input }) => input)).toEqual([
      { QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 8 },
    ]);
  });

  it.each<[string, number, () => Settled]>([
    ['finds the table busy', 8, () => ({ kind: 'busy', reason: 'ThrottlingException' })],
    ['waits for another delivery', 30, () => ({ kind: 'wait', visibilitySeconds: 30 })],
    [
      'fails in a way nobody foresaw',
      8,
      () => {
        throw new Error('access denied');
      },
    ],
  ])('has a message that %s delivered again in seconds', async (_, VisibilityTimeout, verdict) => {
    const { handle, sent } = setUp({ verdict });
    expect(await handle([record('m', event('s', 1))])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    // The third receive.
    expect(sent.map(({ input }) => input)).toEqual([expect.objectContaining({ VisibilityTimeout })]);
  });

  it('has what failed delivered again after its back-off', async () => {
    const { handle, sent, counted } = setUp({
      verdict: () => ({ kind: 'retry', visibilitySeconds: 4, attempts: 2, error: 'e' }),
    });
    expect(await handle([record('m', event('s', 1))])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(sent.map(({ input }) => input)).toEqual([expect.objectContaining({ VisibilityTimeout: 4 })]);
    expect(counted).toEqual({ Failed: 1 });
  });

  it('keeps a message whose dead letter or parking did not get through', async () => {
    const verdict = (place: string): Settled =>
      place === 's/1'
        ? { kind: 'dead-letter', reason: 'gap', detail: 'd' }
        : place === 't/1'
          ? { kind: 'park', visibilitySeconds: 1 }
          : { kind: 'apply' };
    const { handle, counted } = setUp({ verdict, send: () => Promise.reject(new Error('no queue')) });
    const response = await handle([
      record('m1', event('s', 1)),
      record('m2', event('t', 1)),
      record('m3', event('u', 1)),
    ]);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['m1', 'm2']);
    expect(counted).toMatchObject({ Failed: 2, Applied: 1 });
  });

  it('fails only the message that throws or finds the table busy', async () => {
    const verdict = (place: string): Settled => {
      if (place === 's/1') throw new Error('access denied');
      return place === 't/1' ? { kind: 'busy', reason: 'ThrottlingException' } : { kind: 'apply' };
    };
    const { handle } = setUp({ verdict });
    const response = await handle([
      record('m1', event('s', 1)),
      record('m2', event('t', 1)),
      record('m3', event('u', 1)),
    ]);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['m1', 'm2']);
  });

  it('starts nothing once the time is used up', async () => {
    const { handle, settled } = setUp({ remainingMs: 900 });
    const response = await handle([record('m', event('s', 1))]);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(settled).toEqual([]);
  });

  it('makes any evidence fit a message attribute', async () => {
    const detail = `\u0000\ud800${'x'.repeat(2_000)}`;
    const { handle, sent } = setUp({ verdict: () => ({ kind: 'dead-letter', reason: 'version-conflict', detail }) });
    await handle([record('m', event('s', 1))]);
    expect(sent[0]?.input).toMatchObject({
      MessageAttributes: attributes('version-conflict', `\ufffd\ufffd${'x'.repeat(998)}`),
    });
  });

  it('measures the lag from commit to effect, and whether that was on time', async () => {
    const { handle, measured, judged } = setUp({ objectiveMs: 2_000 });
    await handle([record('m', event('s', 1))]);
    expect(measured).toEqual([['ConsumerLag', 2_000]]);
    expect(judged).toEqual([['OnTime', true]]);
  });

  it('calls late whatever took longer than the objective, and whatever is set aside', async () => {
    const { handle, judged } = setUp({
      objectiveMs: 1_999,
      verdict: (place) => (place === 't/1' ? { kind: 'dead-letter', reason: 'gap', detail: 'd' } : { kind: 'apply' }),
    });
    await handle([record('late', event('s', 1)), record('dead', event('t', 1)), record('not-json', '{')]);
    expect(judged).toEqual([
      ['OnTime', false],
      ['OnTime', false],
      ['OnTime', false],
    ]);
  });

  describe('counts neither for the objective nor as lag', () => {
    const verdicts: readonly (readonly [does: string, verdict: () => Settled])[] = [
      ['does it', () => ({ kind: 'apply' })],
      ['waits for its predecessors', () => ({ kind: 'park', visibilitySeconds: 1 })],
      ['waits for another delivery', () => ({ kind: 'wait', visibilitySeconds: 1 })],
      ['fails', () => ({ kind: 'retry', visibilitySeconds: 4, attempts: 2, error: 'e' })],
      ['has no time for it', () => ({ kind: 'busy', reason: 'ThrottlingException' })],
      ['sets it aside', () => ({ kind: 'dead-letter', reason: 'attempts', detail: 'd' })],
      [
        'throws',
        () => {
          throw new Error('access denied');
        },
      ],
    ];

    describe.each<[what: string, record: SQSRecord, malformed: SQSRecord]>([
      [
        'a replay of the archive, as to a new consumer that joins, or of the outbox',
        record('m', event('s', 1, { 'replay-name': 'again' })),
        record('m', busEnvelope({ nonsense: true }, undefined, { 'replay-name': 'again' })),
      ],
      [
        'a redrive by outboxctl',
        record('m', event('s', 1), { redriven: 'attempts' }),
        record('m', '{', { redriven: 'malformed' }),
      ],
      [
        'a redrive by SQS of what a consumer set aside',
        record('m', event('s', 1), { reason: 'attempts' }),
        record('m', '{', { reason: 'malformed' }),
      ],
      [
        'a redrive by SQS of what EventBridge could not deliver',
        record('m', event('s', 1), { ERROR_CODE: 'NO_PERMISSIONS' }),
        record('m', '{', { ERROR_CODE: 'NO_PERMISSIONS' }),
      ],
    ])('%s', (_what, message, malformed) => {
      it.each(verdicts)('when the consumer %s', async (_does, verdict) => {
        const { handle, settled, measured, judged } = setUp({ verdict, objectiveMs: 1 });
        await handle([message]);
        expect({ settled, measured, judged }).toEqual({ settled: ['s/1'], measured: [], judged: [] });
      });

      it('when it can’t be read', async () => {
        const { handle, counted, measured, judged } = setUp();
        await handle([malformed]);
        expect({ counted, measured, judged }).toEqual({ counted: { DeadLettered: 1 }, measured: [], judged: [] });
      });
    });
  });

  it('counts what the sweeper, reconcile --repair or failed retry published again as late and as lag: it is late', async () => {
    // They put the event on the bus as it was committed, hours later.
    const HOURS_MS = 5 * 3_600_000;
    const { handle, measured, judged } = setUp();
    await handle([record('m', event('s', 1, {}, NOW - HOURS_MS))]);
    expect({ measured, judged }).toEqual({ measured: [['ConsumerLag', HOURS_MS]], judged: [['OnTime', false]] });
  });

  it.each([
    [1, undefined],
    [2, undefined],
    [3, 1],
    [20, 1],
  ])('counts attempt %i that fails as repeated: %p', async (attempts, repeated) => {
    const { handle, counted } = setUp({
      verdict: () => ({ kind: 'retry', visibilitySeconds: 4, attempts, error: 'e' }),
    });
    await handle([record('m', event('s', 1))]);
    expect(counted).toEqual({ Failed: 1, ...(repeated && { FailedRepeatedly: repeated }) });
  });

  it('counts what fails in a way nobody foresaw as repeated by its receives', async () => {
    const verdict = (): Settled => {
      throw new Error('access denied');
    };
    const { handle, counted } = setUp({ verdict });
    await handle([record('m', event('s', 1))]);
    expect(counted).toEqual({ Failed: 1, FailedRepeatedly: 1 });
  });

  it.each<[what: string, verdict: () => Settled]>([
    ['parked', () => ({ kind: 'park', visibilitySeconds: 1 })],
    ['busy', () => ({ kind: 'busy', reason: 'ThrottlingException' })],
    [
      'failed',
      () => {
        throw new Error('access denied');
      },
    ],
  ])('tells at each delivery how long a %s event waits already, and judges it only once', async (_, verdict) => {
    const { handle, measured, judged } = setUp({ verdict });
    await handle([record('m', event('s', 1))]);
    expect(measured).toEqual([['ConsumerLag', 2_000]]);
    expect(judged).toEqual([]);
  });
});

interface Setting {
  /** Told how many were started by then. */
  readonly verdict?: (place: string, started: number) => Settled;
  readonly send?: () => Promise<unknown>;
  readonly remainingMs?: number;
  readonly objectiveMs?: number;
}

function setUp({
  verdict = () => ({ kind: 'apply' }),
  send = () => Promise.resolve({}),
  remainingMs = 30_000,
  objectiveMs = 60_000,
}: Setting = {}) {
  const settled: string[] = [];
  const sent: { input: unknown }[] = [];
  const telemetry = recordingTelemetry();
  const inbox: Inbox<ConsumedEvent> = {
    settle: ({ message, subject }) => {
      const place = `${subject.id}/${message.version}`;
      settled.push(place);
      return Promise.resolve().then(() => verdict(place, settled.length));
    },
  };
  const sqs = { send: (command: { input: unknown }) => (sent.push(command), send()) } as unknown as SQSClient;
  const handler = createBatchHandler({
    recognise,
    inbox,
    queue: createConsumerQueue({ sqs, queueUrl: 'queue', dlqUrl: 'dlq', consumer: 'spec' }),
    objectiveMs,
    random: () => 0,
    clock: { now: () => NOW },
    ...telemetry,
  });
  const handle = (Records: SQSRecord[]) => handler({ Records }, { getRemainingTimeInMillis: () => remainingMs });
  return { handle, settled, sent, ...telemetry };
}

function recognise(detail: unknown): Recognised<ConsumedEvent> {
  const readable = typeof detail === 'object' && detail !== null && 'subject' in detail;
  return readable ? { kind: 'known', event: detail as ConsumedEvent } : { kind: 'malformed', detail: 'no event' };
}

function event(subject: string, version: number, more: object = {}, committedAt = NOW - 2_000): string {
  const time = new Date(committedAt).toISOString();
  const changed = { id: `${subject}-${version}`, source: 'spec', aggregatetype: 'thing', type: 'Changed' };
  return busEnvelope({ ...changed, subject, sequence: String(version), time }, undefined, more);
}

function record(messageId: string, body: string, attributes: Record<string, string> = {}): SQSRecord {
  return sqsRecord(body, { messageId, queuedAt: NOW - 500, firstReceivedAt: NOW, receives: 3, attributes });
}

function attributes(reason: string, detail: string) {
  return {
    reason: { DataType: 'String', StringValue: reason },
    detail: { DataType: 'String', StringValue: detail },
    consumer: { DataType: 'String', StringValue: 'spec' },
    firstReceivedAt: { DataType: 'String', StringValue: '2026-01-01T12:00:00.000Z' },
    receiveCount: { DataType: 'Number', StringValue: '3' },
  };
}
