import { setImmediate } from 'node:timers/promises';
import type { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Receipt } from '@outbox/function-kit';
import type { Policy } from '@outbox/inbox-rules';
import { createSeededIds, createTable, recordingTelemetry, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import type { ConsumedEvent } from './event';
import { createInbox, type InboxOptions, type Settled } from './inbox';
import type { EffectFields } from './inbox-item';
import type { Intake } from './intake';
import { intakeOf, NOW, rowsOf, thingEvent } from './testing/lab';
import type { Work } from './work';

const IN_ORDER: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 60 };

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

describe('an inbox under once', () => {
  it('keeps effect and record in one item, for good', async () => {
    const { settle, rows } = await setUp({ kind: 'once' });
    expect(await settle('o', 1)).toEqual({ kind: 'apply' });
    expect(await rows('o')).toEqual([
      {
        pk: 's#thing#o',
        sk: 'EFFECT#0000000001',
        effect: { made: 'from o-1' },
        status: 'completed',
        eventId: 'o-1',
        version: 1,
        type: 'Changed',
        committedAt: '2026-01-01T11:59:58.000Z',
        relayedAt: '2026-01-01T11:59:59.000Z',
        busAt: '2026-01-01T11:59:59Z',
        queuedAt: '2026-01-01T11:59:59.500Z',
        appliedAt: '2026-01-01T12:00:00.000Z',
        receives: 1,
        attempts: 1,
      },
    ]);
  });

  it('has one effect for many concurrent copies', async () => {
    const { settle, effects } = await setUp({ kind: 'once' });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => settle('o', 1)));
    expect(kinds(outcomes)).toEqual(['apply', ...Array<string>(9).fill('done')]);
    expect(await effects('o')).toEqual(['from o-1']);
  });

  it('takes every event of a subject, in any order, and each once', async () => {
    const { settle, effects } = await setUp({ kind: 'once' });
    for (const version of [3, 1, 2, 3]) await settle('o', version);
    expect(await effects('o')).toEqual(['from o-1', 'from o-2', 'from o-3']);
  });

  it('reports another event under a version', async () => {
    const { settle } = await setUp({ kind: 'once' });
    await settle('o', 1);
    expect(await settle('o', 1, { id: 'restored' })).toMatchObject({ kind: 'dead-letter', reason: 'version-conflict' });
  });

  it('forgets an effect after the days its consumer declares, and an event without one after the retention', async () => {
    const { settle, rows } = await setUp({ kind: 'once' }, undefined, {
      keepDays: 90,
      work: effectWork(({ sequence }) => (sequence === '1' ? { made: 'x' } : {})),
    });
    for (const version of [1, 2]) await settle('o', version);
    expect((await rows('o')).map((row) => row['expiresAt'])).toEqual(
      [90, 45].map((days) => NOW / 1_000 + days * 86_400),
    );
  });

  it('notes what it passed over since its code doesn’t want the type, and does it once its code does', async () => {
    const { settle, rows } = await setUp({ kind: 'once' });
    expect(await settle('o', 1, { recognition: 'unknown-type' })).toEqual({ kind: 'skip', reason: 'unknown-type' });
    expect(await rows('o')).toEqual([
      {
        pk: 's#thing#o',
        sk: 'SKIP#0000000001',
        from: 0,
        to: 1,
        reason: 'unknown-type',
        by: 'spec',
        at: '2026-01-01T12:00:00.000Z',
        expiresAt: NOW / 1_000 + 45 * 86_400,
      },
    ]);
    expect(await settle('o', 1)).toEqual({ kind: 'apply' });
  });
});

describe('an inbox under in-order', () => {
  it('applies versions one after another, however many deliver them at once', async () => {
    const { settle, effects, rows } = await setUp(IN_ORDER);
    const copies = [3, 2, 1, 3, 2, 1];
    let waiting = copies;
    for (let round = 0; waiting.length > 0 && round < 10; round += 1) {
      const outcomes = await Promise.all(waiting.map((version) => settle('o', version)));
      waiting = waiting.filter((_, index) => outcomes[index]?.kind === 'park');
    }
    expect(await effects('o')).toEqual(['from o-1', 'from o-2', 'from o-3']);
    const [effect] = (await rows('o')).filter((row) => row['sk'] === 'EFFECT#0000000001');
    expect(effect).toMatchObject({ version: 1, status: 'completed' });
    expect((await rows('o')).find((row) => row['sk'] === 'INBOX')).toEqual({
      pk: 's#thing#o',
      sk: 'INBOX',
      firstVersion: 1,
      lastVersion: 3,
      lastEventId: 'o-3',
      updatedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  it('lets one of two deliveries apply a version that saw the same head', async () => {
    let arrived = 0;
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const { settle, effects } = await setUp(IN_ORDER, (send) => async (command) => {
      if (isWrite(command) && JSON.stringify(command.input).includes('o-2')) {
        if ((arrived += 1) === 2) meet();
        await met;
      }
      return send(command);
    });
    await settle('o', 1);
    const outcomes = await Promise.all([settle('o', 2), settle('o', 2)]);
    expect(kinds(outcomes)).toEqual(['apply', 'done']);
    expect(await effects('o')).toEqual(['from o-1', 'from o-2']);
  });

  it('does not take a subject back to its beginning by a delivery that saw none and wrote late', async () => {
    let held = false;
    let release = (): void => undefined;
    const others = new Promise<void>((resolve) => (release = resolve));
    const { settle, effects, rows } = await setUp(IN_ORDER, (send) => async (command) => {
      if (isWrite(command) && !held) {
        held = true;
        await others;
      }
      return send(command);
    });
    const slow = settle('o', 1);
    while (!held) await setImmediate();
    for (const version of [1, 2]) expect(await settle('o', version)).toEqual({ kind: 'apply' });
    release();
    expect(await slow).toEqual({ kind: 'done' });
    expect(await effects('o')).toEqual(['from o-1', 'from o-2']);
    expect((await rows('o')).find((row) => row['sk'] === 'INBOX')).toMatchObject({ lastVersion: 2 });
  });

  it('tells a late copy from another event under an old version', async () => {
    const { settle } = await setUp(IN_ORDER);
    for (const version of [1, 2, 3]) await settle('o', version);
    expect(await settle('o', 1)).toEqual({ kind: 'done' });
    expect(await settle('o', 1, { id: 'restored' })).toMatchObject({ reason: 'version-conflict' });
    expect(await settle('o', 3, { id: 'restored' })).toMatchObject({ reason: 'version-conflict' });
  });

  it('moves the head without an effect for an unknown type', async () => {
    const { settle, effects } = await setUp(IN_ORDER);
    await settle('o', 1);
    expect(await settle('o', 2, { recognition: 'unknown-type' })).toEqual({ kind: 'advance' });
    expect(await settle('o', 3)).toEqual({ kind: 'apply' });
    expect(await effects('o')).toEqual(['from o-1', 'from o-3']);
  });
});

describe('an inbox under latest', () => {
  it('ends at the newest version, whatever the order and number of deliveries', async () => {
    const { settle, rows } = await setUp({ kind: 'latest' });
    const outcomes = await Promise.all([2, 4, 1, 4, 3].map((version) => settle('o', version)));
    expect(outcomes.every(({ kind }) => ['apply', 'done', 'skip'].includes(kind))).toBe(true);
    expect(await rows('o')).toEqual([
      expect.objectContaining({
        sk: 'INBOX',
        lastVersion: 4,
        lastEventId: 'o-4',
        effect: { made: 'from o-4' },
        eventId: 'o-4',
      }),
    ]);
    expect((await rows('o'))[0]).not.toHaveProperty('expiresAt');
  });

  it('keeps the note of an unwanted type for good: no newer record may ever stand for it', async () => {
    const { settle, rows } = await setUp({ kind: 'latest' });
    await settle('o', 1);
    await settle('o', 2, { recognition: 'unknown-type' });
    const [head, note] = await rows('o');
    expect(head).toMatchObject({ sk: 'INBOX', lastVersion: 1 });
    expect(note).toMatchObject({ sk: 'SKIP#0000000002', from: 1, to: 2, reason: 'unknown-type' });
    expect(note).not.toHaveProperty('expiresAt');
  });
});

describe('an inbox under any policy', () => {
  const policies: [Policy][] = [[{ kind: 'once' }], [IN_ORDER], [{ kind: 'latest' }]];

  it.each(policies)('takes a write whose answer was lost as done (%j)', async (policy) => {
    const { settle, effects } = await setUp(policy, (send) => {
      let lost = false;
      return async (command) => {
        const answer = await send(command);
        if (lost || !isWrite(command)) return answer;
        lost = true;
        throw Object.assign(new Error('the connection broke'), { name: 'InternalServerError' });
      };
    });
    expect(await settle('o', 1)).toEqual({ kind: 'done' });
    expect(await effects('o')).toEqual(['from o-1']);
  });

  it.each(policies)('tries again after a conflict, then applies (%j)', async (policy) => {
    const { settle, effects } = await setUp(policy, failing(3));
    expect(await settle('o', 1)).toEqual({ kind: 'apply' });
    expect(await effects('o')).toEqual(['from o-1']);
  });

  it.each(policies)('sets aside what the table can never store (%j)', async (policy) => {
    // DynamoDB takes items of 400 KB at the most.
    const { settle } = await setUp(policy, undefined, { work: effectWork(() => ({ made: 'x'.repeat(410_000) })) });
    expect(await settle('o', 1)).toMatchObject({ kind: 'dead-letter', reason: 'rejected' });
  });

  it.each(policies)(
    'tries what it can’t read yet for as long as it has attempts, and knows a copy of what it did (%j)',
    async (policy) => {
      let now = NOW;
      const { settle } = await setUp(policy, undefined, { maxAttempts: 2, clock: { now: () => now } });
      const unreadable = { recognition: 'unknown-version' } as const;
      expect(await settle('o', 1, unreadable)).toMatchObject({ kind: 'retry', visibilitySeconds: 2, attempts: 1 });
      expect(await settle('o', 1, unreadable)).toEqual({ kind: 'wait', visibilitySeconds: 2 });
      now += 2_000;
      const dead = { kind: 'dead-letter', reason: 'unknown-version' };
      expect(await settle('o', 1, unreadable)).toMatchObject(dead);
      // It was sent to the DLQ, and the delivery died before it was deleted.
      expect(await settle('o', 1, unreadable)).toMatchObject(dead);
      const redriven = { messageId: 'redriven' };
      expect(await settle('o', 1, unreadable, redriven)).toMatchObject({ kind: 'retry', attempts: 1 });
      expect(await settle('o', 1, {}, redriven)).toEqual({ kind: 'apply' });
      expect(await settle('o', 1, unreadable)).toEqual({ kind: 'done' });
    },
  );

  it.each(policies)('keeps two aggregates of one id apart (%j)', async (policy) => {
    const { settle, effects } = await setUp(policy);
    expect(await settle('o', 1)).toEqual({ kind: 'apply' });
    expect(await settle('o', 1, { subject: 's#other#o', id: 'other-1' })).toEqual({ kind: 'apply' });
    expect(await effects('o')).toEqual(['from o-1']);
  });

  it.each(policies)('gives up within its time and leaves nothing behind (%j)', async (policy) => {
    const { settle, effects } = await setUp(policy, failing(Infinity));
    expect(await settle('o', 1)).toEqual({ kind: 'busy', reason: 'TransactionConflictException' });
    expect(await effects('o')).toEqual([]);
  });
});

function effectWork(effect: (event: ConsumedEvent) => EffectFields): Work<ConsumedEvent> {
  return { kind: 'plain', isPure: true, finish: (event) => () => ({ record: effect(event) }) };
}

type Send = (command: PutItemCommand) => Promise<unknown>;

/** Fails so many writes with the conflict that DynamoDB Local never raises. */
function failing(times: number) {
  return (send: Send): Send => {
    let left = times;
    return (command) => {
      if (!isWrite(command) || left === 0) return send(command);
      left -= 1;
      return Promise.reject(Object.assign(new Error('conflict'), { name: 'TransactionConflictException' }));
    };
  };
}

function isWrite(command: { readonly input: object }): boolean {
  return 'Item' in command.input || 'TransactItems' in command.input;
}

let tables = 0;

async function setUp(
  policy: Policy,
  disturb: (send: Send) => Send = (send) => send,
  more: Partial<InboxOptions<ConsumedEvent>> = {},
) {
  const tableName = `inbox-${(tables += 1)}`;
  await createTable(local.client, tableName);
  let budgetMs = 30_000;
  const inbox = createInbox<ConsumedEvent>({
    dynamodb: { send: disturb((command) => local.client.send(command)) } as unknown as DynamoDBClient,
    tableName,
    policy,
    name: 'spec',
    work: effectWork((event) => ({ made: `from ${event.id}` })),
    ids: createSeededIds(),
    logger: recordingTelemetry().logger,
    retentionDays: 45,
    maxAttempts: 20,
    clock: { now: () => NOW },
    retry: {
      random: () => 0.5,
      sleep: (ms) => {
        budgetMs -= ms;
        return Promise.resolve();
      },
    },
    ...more,
  });
  const settle = (
    id: string,
    version: number,
    more: Partial<Intake<ConsumedEvent>['message']> = {},
    receipt: Partial<Receipt> = {},
  ) => inbox.settle(intakeOf(thingEvent(id, version), more, { messageId: 'm', ...receipt }), () => budgetMs);
  const rows = (id: string) => rowsOf(local.client, tableName, `s#thing#${id}`);
  const effects = async (id: string) =>
    (await rows(id)).flatMap(({ effect }) => (effect as { made?: string } | undefined)?.made ?? []);
  return { settle, rows, effects };
}

function kinds(outcomes: readonly Settled[]): string[] {
  return outcomes.map(({ kind }) => kind).sort();
}
