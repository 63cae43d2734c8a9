import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { apply } from '../support/deployment';
import { cloud } from '../support/local-cloud';
import { changeOrder, outboxctl, placeOrder } from '../support/orders';
import { aws, consumerOf, readStack } from '../support/stack';

const stack = readStack();

/**
 * Of the consumer that a hole hurts most: it takes an order's versions one after another. A deploy replaces it that changes
 * what forces a new one.
 */
const RULE = 'module.consumers["notifications"].module.handler.aws_cloudwatch_event_rule.this';

/** The rule is missing for a moment only, and an order has to fall into it: if none did, there is another apply. */
const BETWEEN_ORDERS_MS = 100;
const MOST_ROUNDS = 5;

/** Every so many orders are changed after the apply. */
const CHANGED_EVERY = 10;

describe('orders placed while an apply replaces a consumer’s rule', () => {
  it('are found by reconcile as far as the rule missed them, and done everywhere, once, after --repair', async () => {
    const since = new Date(await cloud.now()).toISOString();
    const orderIds: string[] = [];
    let lost = 0;
    for (let round = 1; lost === 0 && round <= MOST_ROUNDS; round++) {
      let applying = true;
      const [placed] = await Promise.all([
        placeWhile(() => applying),
        apply({}, [RULE]).finally(() => (applying = false)),
      ]);
      orderIds.push(...placed);
      lost = await lostSince(since);
    }
    expect(lost).toBeGreaterThan(0);
    // What comes after the hole waits for what fell into it.
    for (const orderId of orderIds.filter((_id, index) => index % CHANGED_EVERY === 0)) {
      expect((await changeOrder(stack, orderId, { status: 'CANCELLED' }, '*')).status).toBe(200);
    }

    const { findings, repaired } = await reconcile(since, '--repair');
    expect(repaired).toBeGreaterThan(0);
    expect(Object.values(findings).every((count) => count === 0)).toBe(true);
  }, 600_000);
});

interface ReconcileReport {
  readonly findings: Readonly<Record<string, number>>;
  readonly repaired?: number;
}

/** How much the rule missed, and what waits for it, once all else is done. */
async function lostSince(since: string): Promise<number> {
  let before: number | undefined;
  return eventually(
    async () => {
      const { findings } = await reconcile(since);
      expect(findings).toMatchObject({ late: 0, duplicated: 0, failed: 0 });
      const { lost = 0 } = findings;
      // What waits in the queue for an event that the rule missed isn't done either; the missed one is in no queue.
      expect(await queued()).toBeLessThan(Math.max(lost, 1));
      const isSteady = lost === before;
      before = lost;
      expect(isSteady).toBe(true);
      return lost;
    },
    { timeoutMs: 240_000, intervalMs: 2_000 },
  );
}

/** Messages the consumer has still to receive, and those it is at work on or has put off. */
async function queued(): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { queue_url: QueueUrl } = consumerOf(stack, 'notifications');
  const queue = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(queue.Attributes?.[name] ?? 0), 0);
}

async function reconcile(since: string, ...args: string[]): Promise<ReconcileReport> {
  const until = new Date(await cloud.now()).toISOString();
  const options = ['--json', 'reconcile', '--grace', '0', '--since', since, '--now', until, ...args];
  return JSON.parse(outboxctl(options, [0, 1]).stdout.trim().split('\n').at(-1) ?? '') as ReconcileReport;
}

async function placeWhile(condition: () => boolean): Promise<string[]> {
  const orderIds: string[] = [];
  while (condition()) {
    orderIds.push((await placeOrder(stack)).orderId);
    await delay(BETWEEN_ORDERS_MS);
  }
  return orderIds;
}
