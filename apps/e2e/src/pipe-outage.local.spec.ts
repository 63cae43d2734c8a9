import { paginateScan } from '@aws-sdk/client-dynamodb';
import { eventually } from '@outbox/testing';
import { cloud } from './support/local-cloud';
import { outboxctl, placeOrder } from './support/orders';
import { whilePipeStopped } from './support/pipe';
import { aws, readStack } from './support/stack';

const stack = readStack();

/** OUTAGE_ORDERS=500 for a large one. */
const ORDERS = Number(process.env['OUTAGE_ORDERS'] ?? 30);
const AT_ONCE = 10;
const HOUR_MS = 3_600_000;
/** The sweeper's period. */
const MINUTE_MS = 60_000;

describe('a pipe that is down for longer than the stream keeps its records', () => {
  it(`costs none of ${ORDERS} orders: the sweeper publishes every event, and each consumer acts once`, async () => {
    const since = new Date(await cloud.now()).toISOString();
    await whilePipeStopped(stack, async () => {
      for (let placed = 0; placed < ORDERS; placed += AT_ONCE) {
        const group = Array.from({ length: Math.min(AT_ONCE, ORDERS - placed) }, () => placeOrder(stack));
        await Promise.all(group);
      }
      await cloud.advance(25 * HOUR_MS);
    });

    const counts = await eventually(
      async () => {
        const time = new Date(await cloud.now()).toISOString();
        const options = ['--json', 'reconcile', '--grace', '0', '--since', since, '--now', time];
        const report = JSON.parse(outboxctl(options, [0, 1]).stdout.trim().split('\n').at(-1) ?? '') as {
          readonly findings: Readonly<Record<string, number>>;
        };
        const found = Object.values(report.findings).reduce((sum, count) => sum + count, 0);
        if (found > 0) await cloud.advance(MINUTE_MS);
        expect(report.findings).toEqual(Object.fromEntries(Object.keys(report.findings).map((kind) => [kind, 0])));
        return attemptsSince(since);
      },
      { timeoutMs: 400_000, intervalMs: 2_000 },
    );
    expect(counts).toHaveLength(ORDERS);
    // None came by the stream: those records were gone.
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  }, 600_000);
});

/** Of every order placed since then: how often the sweeper published that it was. What it led to came by the stream. */
async function attemptsSince(since: string): Promise<number[]> {
  const pages = paginateScan(
    { client: aws.dynamodb },
    {
      TableName: stack.outbox_table_name,
      FilterExpression: '#type = :created AND committedAt >= :since',
      ExpressionAttributeNames: { '#type': 'type' },
      ExpressionAttributeValues: { ':created': { S: 'OrderCreated' }, ':since': { S: since } },
      ConsistentRead: true,
    },
  );
  const found: number[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.map((item) => Number(item['attempts']?.N)));
  return found;
}
