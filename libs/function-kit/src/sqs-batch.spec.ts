import { recordingTelemetry, recordingTracer, sqsRecord } from '@outbox/testing';
import { createSqsBatchHandler, type BatchOutcome, type Malformed, type Receipt } from './sqs-batch';

interface Word {
  readonly kind: 'word';
  readonly receipt: Receipt;
}

type Settle = (body: string, remainingMs: number) => BatchOutcome<'bad'> | Promise<BatchOutcome<'bad'>>;

describe('createSqsBatchHandler', () => {
  it('forgets what is settled or lies in the DLQ, and reports everything else in the order of the batch', async () => {
    const { handle, sent } = setUp((body) => {
      if (body === 'throws') throw new Error('boom');
      if (body === 'dead') return { kind: 'dead-letter', reason: 'bad', detail: 'd' };
      return body === 'busy' ? { kind: 'busy' } : { kind: body === 'again' ? 'again' : 'forget' };
    });
    expect(await handle('throws', 'forget', '', 'dead', 'busy', 'again')).toEqual(['m0', 'm4', 'm5']);
    expect(sent.sort()).toEqual(['dead: d', ': empty'].sort());
  });

  it('counts and logs each outcome with what the message is about', async () => {
    const { handle, counted, logged, lags, dead } = setUp((body) =>
      body === 'busy'
        ? { kind: 'busy', reason: 'throttled' }
        : { kind: 'dead-letter', reason: 'bad', detail: 'x'.repeat(1_001) },
    );
    await handle('busy', 'dead', '');
    expect(counted).toEqual({ Busy: 1, DeadLettered: 2 });
    const about = (messageId: string) => ({ messageId, receives: 1 });
    expect(logged).toEqual(
      expect.arrayContaining([
        {
          level: 'warn',
          message: 'message left for its next delivery',
          fields: { ...about('m0'), word: 'busy', reason: 'throttled' },
        },
        {
          level: 'error',
          message: 'message set aside',
          fields: { ...about('m1'), word: 'dead', reason: 'bad', detail: 'x'.repeat(1_000) },
        },
        { level: 'error', message: 'message set aside', fields: { ...about('m2'), reason: 'bad', detail: 'empty' } },
      ]),
    );
    expect([lags, dead]).toEqual([['busy'], ['bad', 'bad']]);
  });

  it('keeps a message whose dead letter did not get through', async () => {
    const { handle, counted, lags, dead } = setUp(
      () => ({ kind: 'dead-letter', reason: 'bad', detail: 'd' }),
      () => Promise.reject(new Error('no queue')),
    );
    expect(await handle('a')).toEqual(['m0']);
    expect([counted, lags, dead]).toEqual([{ Failed: 1 }, ['a'], []]);
  });

  it('settles the messages of a lane one after another, and lanes side by side', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    const { handle } = setUp(async (body) => {
      done.push(body);
      if (body === 'a1') await waiting;
      if (body === 'b2') release();
      return { kind: 'forget' };
    });
    expect(await handle('a1', 'a2', 'b1', 'b2')).toEqual([]);
    expect(done).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  it('writes the metrics out whatever happens', async () => {
    const { handle, flushes } = setUp(
      () => ({ kind: 'forget' }),
      () => Promise.resolve(),
      () => {
        throw new Error('no lanes');
      },
    );
    await expect(handle('a')).rejects.toThrow('no lanes');
    expect(flushes()).toBe(1);
  });

  describe('with a tracer', () => {
    it('joins the traces of a batch by a span of its own, with a link to each', async () => {
      const { handle, tracer } = setUp(() => ({ kind: 'forget' }));
      await handle('1', '2', '');
      const receive = tracer.span('receive');
      expect(receive).toMatchObject({
        links: ['1'.repeat(32), '2'.repeat(32)],
        attributes: { 'messaging.batch.message_count': 3 },
      });
      expect(receive.parentSpanId).toBeUndefined();
      for (const word of ['1', '2']) {
        const span = tracer.span(word);
        expect([span.traceId, span.links]).toEqual([word.repeat(32), [receive.traceId]]);
      }
      expect(tracer.flushes()).toBe(1);
    });

    it('leaves a batch of one trace to its messages, and tells how long each waited in the queue', async () => {
      const { handle, tracer } = setUp(() => ({ kind: 'forget' }));
      await handle('1', '1');
      expect(tracer.spans.map(({ name }) => name)).toEqual(['queue wait', '1', 'queue wait', '1']);
      expect(tracer.spans[0]).toMatchObject({ startedAt: QUEUED_AT, endedAt: QUEUED_AT + 20 });
    });

    it('says what failed, and what was set aside', async () => {
      const { handle, tracer } = setUp((body) => {
        if (body === '1') throw new Error('boom');
        return { kind: 'dead-letter', reason: 'bad', detail: 'd' };
      });
      await handle('1', '2');
      expect(tracer.span('1').error).toEqual(new Error('boom'));
      expect(tracer.span('2')).toMatchObject({ error: 'd', attributes: { 'error.type': 'bad' } });
    });
  });
});

const QUEUED_AT = Date.UTC(2026, 0, 1, 12);

/** Each message is a word, an empty one malformed; words of the same first letter share a lane. */
function setUp(settle: Settle, send: () => Promise<void> = () => Promise.resolve(), lanesOf = byFirstLetter) {
  const telemetry = recordingTelemetry();
  const tracer = recordingTracer();
  const sent: string[] = [];
  const lags: string[] = [];
  const dead: string[] = [];
  let flushes = 0;
  const handler = createSqsBatchHandler<Word, 'bad'>({
    ...telemetry,
    metrics: { ...telemetry.metrics, flush: () => void (flushes += 1) },
    read: (receipt): Word | Malformed =>
      receipt.body === '' ? { kind: 'malformed', receipt, detail: 'empty' } : { kind: 'word', receipt },
    lanesOf,
    evidenceOf: ({ receipt }) => ({ word: receipt.body }),
    settle: async (entry, _evidence, remainingMs) =>
      entry.kind === 'malformed'
        ? { kind: 'dead-letter', reason: 'bad', detail: entry.detail }
        : settle(entry.receipt.body, remainingMs()),
    deadLetter: async ({ body }, _reason, detail) => {
      await send();
      sent.push(`${body}: ${detail}`);
    },
    onDeadLetter: (_entry, reason) => void dead.push(reason),
    spanOf: ({ receipt: { body } }) => ({
      name: body,
      trace: { traceparent: `00-${body.repeat(32)}-${body.repeat(16)}-01` },
      attributes: {},
    }),
    clock: { now: () => QUEUED_AT + 20 },
    tracer,
    recordLag: ({ receipt }) => void lags.push(receipt.body),
  });
  const handle = async (...bodies: string[]): Promise<string[]> => {
    const Records = bodies.map((body, index) => sqsRecord(body, { messageId: `m${index}` }));
    const { batchItemFailures } = await handler({ Records }, { getRemainingTimeInMillis: () => 30_000 });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { ...telemetry, tracer, handle, sent, lags, dead, flushes: () => flushes };
}

function byFirstLetter(words: readonly Word[]): Word[][] {
  const letters = [...new Set(words.map(({ receipt }) => receipt.body[0]))];
  return letters.map((letter) => words.filter(({ receipt }) => receipt.body[0] === letter));
}
