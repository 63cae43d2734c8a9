import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Policy } from '@outbox/inbox-rules';
import { createMemoryDynamoDb } from '@outbox/outbox-testing';
import { createSeededIds, recordingTelemetry } from '@outbox/testing';
import { eraseRecord, findErasableRecords } from './erase';
import type { ConsumedEvent } from './event';
import { createInbox } from './inbox';
import { readSubject } from './inbox-item';
import { intakeOf, NOW, thingEvent } from './testing/lab';
import type { Work } from './work';

const IN_ORDER: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 60 };
const POLICIES: readonly [string, Policy][] = [
  ['once', { kind: 'once' }],
  ['in-order', IN_ORDER],
  ['latest', { kind: 'latest' }],
];
const AT = '2026-01-05T00:00:00.000Z';

describe.each(POLICIES)('the records of a %s consumer', (_name, policy) => {
  it('lose what their effects hold, copies for an index too; every event stays done', async () => {
    const { settle, items, erase, read } = setUp(policy);
    for (const version of [1, 2]) expect(await settle(version)).toEqual({ kind: 'apply' });
    const before = await read();
    expect(JSON.stringify(await items())).toContain('Ada');

    expect(await erase()).toEqual(Array(before.records.length).fill(true));
    expect(JSON.stringify(await items())).not.toContain('Ada');
    const records = before.records.map((record) => ({ ...record, erasedAt: AT }));
    expect(await read()).toEqual({ ...before, records });
    for (const version of [1, 2]) expect((await settle(version)).kind).toMatch(/^(done|skip)$/);
    expect(await settle(3)).toEqual({ kind: 'apply' });
  });

  it('hold nothing to erase the second time', async () => {
    const { settle, erase } = setUp(policy);
    await settle(1);
    expect(await erase()).toEqual([true]);
    expect(await erase()).toEqual([]);
  });

  it('lose what the last attempt failed of, and the event is tried again as before', async () => {
    const { settle, items, erase, read, fail } = setUp(policy);
    fail(true);
    expect((await settle(1)).kind).toBe('retry');
    expect(JSON.stringify(await items())).toContain('no parcel for Ada');
    expect(await erase()).toEqual([true]);
    expect(JSON.stringify(await items())).not.toContain('Ada');
    expect((await read()).pending).toEqual([expect.objectContaining({ status: 'retrying', attempts: 1 })]);
    fail(false);
    expect((await settle(1)).kind).toBe('apply');
  });

  it('are left alone when the consumer went on since they were read', async () => {
    const { settle, items, client, fail } = setUp(policy);
    fail(true);
    await settle(1);
    const seen = findErasableRecords('inbox', await items());
    fail(false);
    await settle(1);
    const now = await items();
    const [first] = seen;
    expect(first && (await eraseRecord({ dynamodb: client, tableName: 'inbox' }, first, AT))).toBe(false);
    expect(await items()).toEqual(now);
  });
});

it('a newer event of a latest consumer that took the place of the one that was read is left alone', async () => {
  const { settle, items, client } = setUp({ kind: 'latest' });
  await settle(1);
  const [seen] = findErasableRecords('inbox', await items());
  await settle(2);
  expect(seen && (await eraseRecord({ dynamodb: client, tableName: 'inbox' }, seen, AT))).toBe(false);
  expect(JSON.stringify(await items())).toContain('Ada');
});

function setUp(policy: Policy) {
  const { client } = createMemoryDynamoDb({ inbox: ['pk', 'sk'] });
  let fails = false;
  const work: Work<ConsumedEvent> = {
    kind: 'plain',
    isPure: false,
    finish: () => () => {
      if (fails) throw new Error('no parcel for Ada');
      return { record: { name: 'Ada', region: 'Ada’s' } };
    },
  };
  const inbox = createInbox<ConsumedEvent>({
    dynamodb: client,
    tableName: 'inbox',
    policy,
    name: 'spec',
    work,
    indexed: ['region'],
    ids: createSeededIds(),
    logger: recordingTelemetry().logger,
    retentionDays: 45,
    maxAttempts: 20,
    clock: { now: () => NOW },
    retry: { random: () => 0, sleep: () => Promise.resolve() },
  });
  const items = async () => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: 'inbox',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 's#thing#o' } },
        ConsistentRead: true,
      }),
    );
    return Items;
  };
  return {
    client,
    items,
    settle: (version: number) => inbox.settle(intakeOf(thingEvent('o', version)), () => 30_000),
    read: async () => readSubject('inbox', await items()),
    erase: async () => {
      const found = findErasableRecords('inbox', await items());
      return Promise.all(found.map((one) => eraseRecord({ dynamodb: client, tableName: 'inbox' }, one, AT)));
    },
    fail: (value: boolean) => {
      fails = value;
    },
  };
}
