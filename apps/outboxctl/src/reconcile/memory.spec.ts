import { setImmediate } from 'node:timers/promises';
import { QueryCommand, type ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { stackOf } from '../testing/stack';
import { reconcile } from './reconcile';

type Item = Record<string, AttributeValue>;

const EVENTS_EACH = 5;
/** Items of a page: as DynamoDB's megabyte holds them, without their `detail`, at 1 KB. */
const PAGE = 1_000;
const COMMITTED = '2026-01-01T00:00:00.000Z';
/** `mails` alone. */
const stack = stackOf({
  consumers: {
    mails: {
      queue_url: '',
      dlq_url: '',
      function_name: '',
      table_name: 'mails',
      policy: 'in-order',
      on: { parcel: [] },
    },
  },
});

/**
 * What is held at a time is what was scanned and not yet compared: an aggregate counts from the page it came with until
 * its consumers' tables were read.
 */
describe('reconcile of a big table', () => {
  it('holds as much of 100,000 events as of 30,000', async () => {
    const [small, big] = [await mostHeld(30_000), await mostHeld(100_000)];
    expect(small.compared).toBe(30_000);
    expect(big.compared).toBe(100_000);
    expect(big.mostHeld).toBeLessThanOrEqual(small.mostHeld + PAGE);
    // A page of each of eight segments, and the sixteen aggregates that are compared.
    expect(big.mostHeld).toBeLessThanOrEqual(8 * PAGE + 16 * (EVENTS_EACH + 1));
  }, 180_000);
});

async function mostHeld(events: number) {
  const table = new BigTable(events / EVENTS_EACH);
  const { events: compared } = await reconcile({
    dynamodb: table as unknown as DynamoDBClient,
    stack,
    policy: { now: Date.parse(COMMITTED) + 3_600_000, graceMs: 0, since: 0 },
    found: () => Promise.reject(new Error('nothing is wrong here')),
    progress: () => undefined,
  });
  return { compared, mostHeld: table.mostHeld };
}

/** An outbox and its consumer, made as they are read. */
class BigTable {
  mostHeld = 0;
  #held = 0;

  constructor(private readonly aggregates: number) {}

  async send(command: unknown): Promise<unknown> {
    if (command instanceof QueryCommand) {
      // Slower than the scan: what goes on without waiting for it shows.
      await setImmediate();
      this.#held -= EVENTS_EACH + 1;
      return { Items: [inboxHead(command.input.ExpressionAttributeValues?.[':pk']?.S ?? '')] };
    }
    const { TableName, Segment = 0, TotalSegments = 1, ExclusiveStartKey } = (command as ScanCommand).input;
    if (TableName !== 'outbox') return { Items: [] };
    const own = Math.floor(this.aggregates / TotalSegments);
    const first = Number(ExclusiveStartKey?.['n']?.N ?? 0);
    const next = Math.min(own, first + Math.floor(PAGE / (EVENTS_EACH + 1)));
    const Items = range(first, next).flatMap((n) => outboxItems(`${Segment}-${n}`));
    this.#held += Items.length;
    this.mostHeld = Math.max(this.mostHeld, this.#held);
    return { Items, ...(next < own ? { LastEvaluatedKey: { n: { N: String(next) } } } : {}) };
  }
}

function outboxItems(id: string): Item[] {
  const pk = { S: `parcel#${id}` };
  const head = { entity: { S: 'OutboxHead' }, lastCommit: { S: 't' }, updatedAt: { S: COMMITTED } };
  const event = { entity: { S: 'OutboxEvent' }, type: { S: 'ParcelMoved' }, attempts: { N: '0' } };
  const events = range(1, EVENTS_EACH + 1).map((n) => ({
    ...event,
    ...{ pk, sk: { S: `EVENT#${String(n).padStart(10, '0')}` }, id: { S: `e-${n}` }, committedAt: { S: COMMITTED } },
  }));
  return [...events, { ...head, pk, sk: { S: 'HEAD' }, lastSequence: { N: String(EVENTS_EACH) } }];
}

function inboxHead(pk: string): Item {
  const last = { lastVersion: { N: String(EVENTS_EACH) }, lastEventId: { S: `e-${EVENTS_EACH}` } };
  return { pk: { S: pk }, sk: { S: 'INBOX' }, firstVersion: { N: '1' }, ...last };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
