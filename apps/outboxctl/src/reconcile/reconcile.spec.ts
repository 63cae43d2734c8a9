import { setImmediate } from 'node:timers/promises';
import {
  type BatchGetItemCommand,
  BatchWriteItemCommand,
  QueryCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createTable, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { stackOf } from '../testing/stack';
import type { Finding } from './finding';
import { reconcile, type ReconcileOptions } from './reconcile';
import type { Segment } from './scan';

const AGGREGATES = 450;
const mails = {
  queue_url: '',
  dlq_url: '',
  function_name: '',
  table_name: 'mails',
  policy: 'in-order' as const,
  on: { parcel: [] },
};
const stack = stackOf({ consumers: { mails } });
const committedAt = '2026-01-01T00:00:00.000Z';

describe('reconcile over real tables of several pages', () => {
  let server: SpecDynamoDb;
  beforeAll(async () => {
    server = await startDynamoDb();
    await Promise.all(['outbox', 'mails'].map((name) => createTable(server.client, name)));
    const aggregates = Array.from({ length: AGGREGATES }, (_, n) => outboxRows(`p-${n}`)).flat();
    const effects = Array.from({ length: AGGREGATES }, (_, n) => effectRows(`p-${n}`)).flat();
    const state = { pk: { S: '#sweeper' }, sk: { S: 'STATE' }, entity: { S: 'SweeperState' } };
    await write(server.client, 'outbox', [...aggregates, state]);
    // Parcel p-7's event never came through; parcel ghost was never committed.
    const done = effects.filter((row) => row['pk']?.S !== 'parcels#parcel#p-7');
    await write(server.client, 'mails', [...done, ...effectRows('ghost')]);
  }, 120_000);
  afterAll(() => server.stop());

  it('finds the one lost event and the one orphan, and says what it read', async () => {
    const findings: Finding[] = [];
    const seen: number[] = [];
    const report = await reconcile({
      dynamodb: server.client,
      stack,
      policy: { now: Date.parse(committedAt) + 3_600_000, graceMs: 1_000, since: 0 },
      found: (finding) => void findings.push(finding),
      progress: (aggregates) => void seen.push(aggregates),
    });

    expect(findings).toMatchObject([
      { kind: 'lost', aggregate: 'parcel', id: 'p-7', sequence: 1, consumer: 'mails' },
      { kind: 'orphaned', aggregate: 'parcel', id: 'ghost', consumer: 'mails' },
    ]);
    expect(report).toMatchObject({
      aggregates: AGGREGATES,
      events: AGGREGATES,
      findings: { lost: 1, orphaned: 1, late: 0 },
    });
    expect(report.read.items).toBeGreaterThan(4 * AGGREGATES);
    expect(report.read.capacityUnits).toBeGreaterThan(0);
    expect(seen.at(-1)).toBe(AGGREGATES);
  }, 60_000);

  it('compares each aggregate in one of the parts', async () => {
    const reports = await Promise.all([0, 1, 2].map((segment) => report({ part: { segment, of: 3 } })));
    expect(Math.min(...reports.map(({ aggregates }) => aggregates))).toBeGreaterThan(0);
    expect(reports.reduce((sum, { aggregates }) => sum + aggregates, 0)).toBe(AGGREGATES);
    expect(reports.reduce((sum, { findings }) => sum + findings.lost + findings.orphaned, 0)).toBe(2);
  }, 60_000);

  it('reads no consumer’s items of what has no event since then', async () => {
    const [whole, recent] = [await report({}), await report({ since: Date.parse(committedAt) + 1 })];
    expect(recent).toMatchObject({ aggregates: AGGREGATES, skipped: AGGREGATES, findings: { lost: 0, orphaned: 0 } });
    expect(whole).toMatchObject({
      skipped: 0,
      groups: [
        { kind: 'lost', consumer: 'mails', count: 1 },
        { kind: 'orphaned', consumer: 'mails', count: 1 },
      ],
    });
    expect(recent.read.items).toBeLessThan(whole.read.items - AGGREGATES);
    expect(await report({ since: Date.parse(committedAt) })).toMatchObject({ skipped: 0, findings: whole.findings });
  }, 60_000);

  function report({ part, since = 0 }: { readonly part?: Segment; readonly since?: number }) {
    return reconcile({
      dynamodb: server.client,
      stack,
      policy: { now: Date.parse(committedAt) + 3_600_000, graceMs: 1_000, since },
      ...(part ? { part } : {}),
      found: () => undefined,
      progress: () => undefined,
    });
  }
});

describe('reconcile over tables at work', () => {
  it('takes what was committed and done while it read for no finding', async () => {
    let version = 1;
    const findings = await findingsOver((command) => {
      if (command instanceof ScanCommand) return { Items: command.input.TableName === 'outbox' ? rowsAt(1) : [] };
      if (command instanceof QueryCommand && command.input.TableName === 'outbox') return { Items: rowsAt(version) };
      version = 2;
      return { Items: [...effectRows('p-1', 1), ...effectRows('p-1', 2)] };
    });
    expect(findings).toEqual([]);
    expect(version).toBe(2);
  });

  it('leaves the events themselves where they are', async () => {
    const read: (string | undefined)[] = [];
    await findingsOver((command) => {
      if (command instanceof ScanCommand) read.push(Object.values(command.input.ExpressionAttributeNames ?? {}).join());
      return { Items: [] };
    });
    expect(read).toEqual([expect.stringContaining('committedAt'), 'pk']);
    expect(read.join()).not.toContain('detail');
  });

  it('keeps what is still so at a second look', async () => {
    const findings = await findingsOver((command) => {
      if (command instanceof ScanCommand) return { Items: command.input.TableName === 'outbox' ? rowsAt(1) : [] };
      return { Items: (command as QueryCommand).input.TableName === 'outbox' ? rowsAt(1) : [] };
    });
    expect(findings).toMatchObject([{ kind: 'lost', id: 'p-1', consumer: 'mails' }]);
  });

  it('tells the lost event of an in-order consumer from what waits behind it', async () => {
    const findings = await findingsOver((command) => {
      if (command instanceof ScanCommand) return { Items: command.input.TableName === 'outbox' ? rowsAt(2) : [] };
      return { Items: (command as QueryCommand).input.TableName === 'outbox' ? rowsAt(2) : [] };
    });
    expect(findings).toMatchObject([
      { kind: 'lost', sequence: 1, consumer: 'mails' },
      { kind: 'held', sequence: 2, consumer: 'mails', detail: 'behind event 1, which is lost' },
    ]);
  });

  it.each(['once', 'in-order'] as const)('asks the queue about what retention took, policy %s', async (policy) => {
    const rows = [{ ...rowsAt(1)[0], beganAt: { S: committedAt } }];
    const asked: unknown[] = [];
    const isQueued = [true, false];
    const explains = (...about: unknown[]) => Promise.resolve(asked.push(about) > 0 && isQueued.shift() === true);
    const find = () =>
      findingsOver(
        (command) => {
          if (command instanceof ScanCommand) return { Items: command.input.TableName === 'outbox' ? rows : [] };
          return { Items: (command as QueryCommand).input.TableName === 'outbox' ? rows : [] };
        },
        { stack: stackOf({ consumers: { mails: { ...mails, policy } } }), backlog: { explains } },
      );
    expect(await find()).toMatchObject([
      {
        kind: 'queued',
        detail: expect.stringMatching(
          /past retention.*; a replay that its queue still holds messages of may have sent it$/,
        ),
      },
    ]);
    expect(await find()).toMatchObject([{ kind: 'lost' }]);
    expect(asked[0]).toEqual(['mails', { notBefore: policy === 'once' ? committedAt : undefined }]);
  });

  it('asks again for what DynamoDB left out of a batch, before it calls it unknown', async () => {
    const known = ['p-1', 'p-2'];
    const findings = await findingsOver((command) => {
      if (command instanceof ScanCommand) {
        return { Items: command.input.TableName === 'outbox' ? [] : known.flatMap((id) => effectRows(id)) };
      }
      const [first, ...others] = (command as BatchGetItemCommand).input.RequestItems?.['outbox']?.Keys ?? [];
      return { Responses: { outbox: [first] }, UnprocessedKeys: others.length > 0 ? { outbox: { Keys: others } } : {} };
    });
    expect(findings).toEqual([]);
  });

  it('fails when one aggregate of many could not be compared, whenever it fails', async () => {
    let fail = (_error: Error): void => undefined;
    const stuck = new Promise<never>((_resolve, reject) => (fail = reject));
    const ids = Array.from({ length: 40 }, (_, n) => `p-${n}`);
    const findings = findingsOver(async (command) => {
      if (command instanceof QueryCommand) {
        const key = command.input.ExpressionAttributeValues?.[':pk']?.S ?? '';
        const id = key.replace('parcels#parcel#', '');
        return id === 'p-0' ? stuck : { Items: effectRows(id) };
      }
      if (!(command instanceof ScanCommand) || command.input.TableName !== 'outbox') return { Items: [] };
      if (command.input.ExclusiveStartKey === undefined) {
        return { Items: ids.flatMap((id) => outboxRows(id)), LastEvaluatedKey: { pk: { S: 'p-39' } } };
      }
      fail(new Error('DynamoDB had no time'));
      await setImmediate();
      return { Items: outboxRows('p-40') };
    });
    await expect(findings).rejects.toThrow('DynamoDB had no time');
  });
});

/** The rows of parcel p-1 at a sequence. */
function rowsAt(version: number): Item[] {
  const events = Array.from({ length: version }, (_, index) => outboxRows('p-1', index + 1)[1] ?? {});
  return [outboxRows('p-1', version)[0] ?? {}, ...events];
}

/** What reconcile finds in tables that answer so. */
async function findingsOver(
  answer: (command: unknown) => unknown,
  given: Partial<Pick<ReconcileOptions, 'stack' | 'backlog'>> = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  // Everything lies in the first segment of its table.
  const isElsewhere = (command: unknown) => command instanceof ScanCommand && (command.input.Segment ?? 0) > 0;
  const send = async (command: unknown) => (isElsewhere(command) ? { Items: [] } : answer(command));
  await reconcile({
    dynamodb: { send } as unknown as DynamoDBClient,
    stack,
    policy: { now: Date.parse(committedAt) + 3_600_000, graceMs: 0, since: 0 },
    found: (finding) => void findings.push(finding),
    progress: () => undefined,
    ...given,
  });
  return findings;
}

type Item = Record<string, AttributeValue>;

function outboxRows(id: string, version = 1): Item[] {
  const pk = { S: `parcel#${id}` };
  return [
    {
      pk,
      sk: { S: 'HEAD' },
      entity: { S: 'OutboxHead' },
      lastSequence: { N: String(version) },
      lastCommit: { S: 'token' },
      updatedAt: { S: committedAt },
    },
    {
      pk,
      sk: { S: `EVENT#000000000${version}` },
      entity: { S: 'OutboxEvent' },
      id: { S: eventId(id, version) },
      type: { S: 'ParcelRegistered' },
      committedAt: { S: committedAt },
      attempts: { N: '0' },
      detail: { S: 'x'.repeat(3_000) },
    },
  ];
}

function effectRows(id: string, version = 1): Item[] {
  const pk = { S: `parcels#parcel#${id}` };
  return [
    {
      pk,
      sk: { S: 'INBOX' },
      firstVersion: { N: '1' },
      lastVersion: { N: String(version) },
      lastEventId: { S: eventId(id, version) },
    },
    {
      pk,
      sk: { S: `EFFECT#000000000${version}` },
      version: { N: String(version) },
      eventId: { S: eventId(id, version) },
      type: { S: 'ParcelRegistered' },
      committedAt: { S: committedAt },
      busAt: { S: committedAt },
      queuedAt: { S: committedAt },
      receives: { N: '1' },
      attempts: { N: '1' },
      appliedAt: { S: committedAt },
    },
  ];
}

function eventId(id: string, version: number): string {
  return `e-${version}-${id}`;
}

async function write(client: DynamoDBClient, table: string, rows: readonly Item[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 25) {
    const batch = rows.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch } }));
  }
}
