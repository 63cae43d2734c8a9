import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey } from '@outbox/function-kit';
import { createSeededIds, createTable, recordingTelemetry, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { reject, retryIn, RetryLaterError } from './failure';
import { CallLab, IN_ORDER, TABLES, type CallLabOptions, type Disturb } from './testing/call-lab';
import { echo } from './testing/lab';
import type { CallContext } from './work';

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
  for (const table of Object.values(TABLES)) await createTable(local.client, table);
}, 40_000);
afterAll(() => local.stop());

let labs = 0;
const lab = (options: Partial<CallLabOptions> = {}) =>
  new CallLab(`t-${(labs += 1)}`, {
    dynamodb: local.client,
    ids: createSeededIds(labs),
    logger: recordingTelemetry().logger,
    ...options,
  });
const fail = (message = 'the carrier is down') => {
  throw new Error(message);
};

describe('an outside call', () => {
  it('is made with the same key at every attempt, seconds apart at first', async () => {
    const seen: Partial<CallContext>[] = [];
    const world = lab({
      call: (_event, { key, attempt, firstAttemptAt }) => {
        seen.push({ key, attempt, firstAttemptAt: firstAttemptAt - start });
        if (attempt < 3) fail();
      },
    });
    const start = world.now;
    expect(await world.deliver()).toMatchObject({ kind: 'retry', visibilitySeconds: 2, attempts: 1 });
    world.now += 2_000;
    expect(await world.deliver()).toMatchObject({ kind: 'retry', visibilitySeconds: 4, attempts: 2 });
    expect(await world.pending()).toMatchObject({
      status: 'retrying',
      attempts: 2,
      lastError: 'Error: the carrier is down',
    });
    world.now += 4_000;
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    const [{ key } = {}] = seen;
    expect(seen).toEqual([1, 2, 3].map((attempt) => ({ key, attempt, firstAttemptAt: 0 })));
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(await world.rows()).toEqual([expect.objectContaining({ status: 'completed', attempts: 3 })]);
  });

  it('becomes a dead letter with its last error when all attempts failed, and begins anew after a redrive', async () => {
    let isDown = true;
    const world = lab({ maxAttempts: 2, call: () => void (isDown && fail()) });
    await world.deliver();
    const dead = { kind: 'dead-letter', reason: 'attempts', detail: 'Error: the carrier is down' };
    expect(await world.deliver()).toEqual(dead);
    expect(await world.pending()).toMatchObject({ status: 'dead-lettered', attempts: 2, reason: 'attempts' });
    // The message comes again, since the delivery died once it was in the DLQ.
    expect(await world.deliver()).toEqual(dead);
    expect(world.calls).toHaveLength(2);
    isDown = false;
    expect(await world.deliver(1, undefined, { receipt: { messageId: 'redriven' } })).toEqual({ kind: 'apply' });
    expect(new Set(world.keys).size).toBe(1);
  });

  it('counts attempts that ended in a crash', async () => {
    const world = lab({ maxAttempts: 2 });
    // Once it has claimed the event, nothing works any more.
    const die = (): Disturb => {
      let isDead = false;
      return (_count, what, perform) => {
        isDead ||= what === 'call';
        return isDead ? Promise.reject(new TypeError('gone')) : perform();
      };
    };
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(world.deliver(1, die())).rejects.toThrow('gone');
      world.now += 180_000;
    }
    expect(await world.deliver()).toMatchObject({
      kind: 'dead-letter',
      reason: 'attempts',
      detail: 'the last attempt ended without a word',
    });
    expect(world.calls).toEqual([]);
  });

  it('is set aside at once when the consumer rejects the event, and tried again when it says', async () => {
    const rejected = lab({
      call: () => {
        throw reject('no such street');
      },
    });
    expect(await rejected.deliver()).toEqual({ kind: 'dead-letter', reason: 'rejected', detail: 'no such street' });
    const later = lab({
      call: () => {
        throw retryIn('5s', 'closed');
      },
    });
    expect(await later.deliver()).toEqual({ kind: 'retry', visibilitySeconds: 5, attempts: 1, error: 'closed' });
  });

  it('waits longer each time where the partner says how long at least', async () => {
    const world = lab({
      call: () => {
        throw new RetryLaterError(3, 'too many requests', true);
      },
    });
    expect(await world.deliver()).toMatchObject({ kind: 'retry', visibilitySeconds: 3, attempts: 1 });
    expect(await world.deliver()).toMatchObject({ kind: 'retry', visibilitySeconds: 4, attempts: 2 });
  });

  it('is looked up before it is repeated, and then not made again', async () => {
    let looked = 0;
    const made = new Set<string>();
    const world = lab({
      call: (_event, { key, attempt }) => {
        made.add(key);
        if (attempt === 1) fail('socket hang up');
      },
      lookup: (_event, { key }) => {
        looked += 1;
        return made.has(key) ? 'booked' : undefined;
      },
    });
    await world.deliver();
    expect(looked).toBe(0);
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    expect([looked, world.calls.length]).toEqual([1, 1]);
  });

  it('is not begun, nor claimed, without the time for it', async () => {
    const world = lab();
    expect(await world.deliver(1, undefined, { leftMs: 5_999 })).toMatchObject({ kind: 'busy' });
    expect([world.calls, await world.rows()]).toEqual([[], []]);
    expect(await world.deliver(1, undefined, { leftMs: 6_000 })).toEqual({ kind: 'apply' });
  });

  it('is not made for what was done before, whatever this version of the code can read', async () => {
    const world = lab();
    await world.deliver();
    for (const recognition of ['known', 'unknown-type', 'unknown-version', 'malformed'] as const) {
      expect(await world.deliver(1, undefined, { message: { recognition } })).toEqual({ kind: 'done' });
    }
    expect(world.calls).toHaveLength(1);
  });

  it.each([['once'], ['latest'], ['in-order']] as const)(
    'is made by one of two deliveries at a time (%s)',
    async (kind) => {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let begun = (): void => undefined;
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const world = lab({
        policy: kind === 'in-order' ? IN_ORDER : { kind },
        call: (_event, { attempt }) => (attempt === 1 ? (begun(), held) : undefined),
      });
      const first = world.deliver();
      await isBegun;
      // Until the invocation ends, and 5 s.
      expect(await world.deliver()).toEqual({ kind: 'wait', visibilitySeconds: 35 });
      world.now += 35_000;
      expect(await world.deliver()).toEqual({ kind: 'apply' });
      release();
      expect(await first).toEqual({ kind: 'done' });
      expect(new Set(world.keys).size).toBe(1);
      expect([await world.counted(), (await world.emitted()).length]).toEqual([1, 2]);
    },
  );

  it.each([['once'], ['latest'], ['in-order']] as const)(
    'is completed by whoever holds the claim, not by a delivery whose lease is over (%s)',
    async (kind) => {
      const calls = [1, 2].map(() => {
        let release = (): void => undefined;
        let begin = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const begun = new Promise<void>((resolve) => (begin = resolve));
        return { held, begun, release: () => release(), begin: () => begin() };
      });
      const world = lab({
        policy: kind === 'in-order' ? IN_ORDER : { kind },
        call: (_event, { attempt }) => {
          calls[attempt - 1]?.begin();
          return calls[attempt - 1]?.held;
        },
      });
      const first = world.deliver();
      await calls[0]?.begun;
      world.now += 35_000;
      const second = world.deliver();
      await calls[1]?.begun;
      calls[0]?.release();
      expect(await first).toEqual({ kind: 'wait', visibilitySeconds: 35 });
      expect(await world.pending()).toMatchObject({ status: 'claimed', attempts: 2 });
      calls[1]?.release();
      expect(await second).toEqual({ kind: 'apply' });
      expect([await world.counted(), (await world.emitted()).length]).toEqual([1, 2]);
    },
  );

  it('is not repeated when an aggregate that it tells about was changed meanwhile', async () => {
    let completions = 0;
    const other = lab({ form: 'complete' });
    const world = lab({
      complete: async (event, tools) => {
        completions += 1;
        const completion = await other.complete(event, tools);
        if (completions === 1) await other.deliver();
        return completion;
      },
    });
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    expect([world.calls.length, completions]).toEqual([1, 2]);
    expect([(await other.emitted()).length, await other.counted()]).toEqual([4, 2]);
  });

  it('is not repeated when a condition of what it writes failed, but completed anew', async () => {
    let completions = 0;
    const world = lab({
      complete: () => {
        completions += 1;
        const condition = { expression: completions === 1 ? 'attribute_exists(pk)' : 'attribute_not_exists(pk)' };
        return { write: [{ put: { table: TABLES.state, item: { pk: world.id, sk: 'COUNT', amount: 1 }, condition } }] };
      },
    });
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    expect([world.calls.length, completions, await world.counted()]).toEqual([1, 2, 1]);
  });

  it('ends when its time is over, whether it heeds its signal or not', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const signals: AbortSignal[] = [];
      const world = lab({
        call: (_event, { signal }) => {
          signals.push(signal);
          setImmediate(() => void jest.advanceTimersByTime(5_000));
          return new Promise(() => undefined);
        },
      });
      expect(await world.deliver()).toMatchObject({
        kind: 'retry',
        error: 'CallTimeoutError: call took longer than 5000 ms',
      });
      expect(signals[0]?.aborted).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('what completes an event', () => {
  it('makes no attempt of a table that is busy', async () => {
    const world = lab({ form: 'complete', maxAttempts: 1 });
    const busy: Disturb = (_count, what, perform) =>
      what === 'TransactWriteItemsCommand'
        ? Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }))
        : perform();
    for (let delivery = 1; delivery <= 3; delivery += 1) {
      expect(await world.deliver(1, busy, { leftMs: 1_300 })).toEqual({ kind: 'busy', reason: 'ThrottlingException' });
    }
    expect(await world.deliver()).toEqual({ kind: 'apply' });
  });

  it('counts its failures, and is set aside when it can never be written', async () => {
    const failing = lab({ form: 'complete', complete: () => fail('a defect') });
    expect(await failing.deliver()).toMatchObject({ kind: 'retry', attempts: 1, error: 'Error: a defect' });
    expect(await failing.deliver()).toMatchObject({ kind: 'retry', attempts: 2 });
    const unstorable = lab({ form: 'complete', complete: () => ({ record: { when: new Date(0) } }) });
    const detail = expect.stringContaining('when: a Date');
    expect(await unstorable.deliver()).toEqual({ kind: 'dead-letter', reason: 'rejected', detail });
  });

  it('counts an attempt whose transaction fails for a reason of its own, and says why', async () => {
    const world = lab({ maxAttempts: 2 });
    const denied: Disturb = (_count, what, perform) =>
      what === 'TransactWriteItemsCommand'
        ? Promise.reject(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }))
        : perform();
    const error = 'AccessDeniedException: not authorized';
    expect(await world.deliver(1, denied)).toMatchObject({ kind: 'retry', attempts: 1, error });
    expect(await world.deliver(1, denied)).toEqual({ kind: 'dead-letter', reason: 'attempts', detail: error });
  });

  it('knows what the consumer recorded of other events', async () => {
    const recorded: unknown[] = [];
    const world = lab({
      form: 'complete',
      complete: async ({ subject, sequence }, tools) => {
        recorded.push(await tools.recorded({ aggregateType: 'thing' }, subject, Number(sequence) - 1));
        return { record: { made: sequence } };
      },
    });
    await world.deliver(1);
    await world.deliver(2);
    expect(recorded).toEqual([undefined, { made: '1' }]);
  });

  it('makes aggregates whose ids and events follow from the event: done again, they are there already', async () => {
    const ids: string[] = [];
    const world = lab({
      complete: (event, { newId }) => {
        ids.push(newId(), newId(1));
        return { emit: [{ aggregate: echo, id: newId(), after: 0, events: [echo.Heard({ of: event.id })] }] };
      },
    });
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    const [record] = await world.rows();
    // Forgotten, as after the inbox's retention.
    const key = marshalKey({ pk: String(record?.['pk']), sk: String(record?.['sk']) });
    await local.client.send(new DeleteItemCommand({ TableName: TABLES.inbox, Key: key }));
    expect(await world.deliver()).toEqual({ kind: 'apply' });
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
    expect(new Set(ids).size).toBe(2);
    expect(new Set(world.keys).size).toBe(1);
  });
});
