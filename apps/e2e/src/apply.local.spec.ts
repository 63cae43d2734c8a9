import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@outbox/testing';
import { now } from './support/local-cloud';
import { outboxctl, placeOrder, request } from './support/orders';
import { readStack } from './support/stack';
import { root } from './support/target';

const stack = readStack();

/** The consumer that a hole hurts most: it takes an order's versions one after another. */
const RULE = 'module.consumers["notifications"].module.handler.aws_cloudwatch_event_rule.this';

/** No faster than the machine: it is the time without a rule that counts, not how many orders fall into it. */
const BETWEEN_ORDERS_MS = 500;

/** Every so many orders are changed after the apply. */
const CHANGED_EVERY = 4;

describe('orders placed while an apply replaces a consumer’s rule', () => {
  it('are found by reconcile as far as the rule missed them, and done everywhere, once, after --repair', async () => {
    const since = new Date(await now()).toISOString();
    let applying = true;
    const [orderIds] = await Promise.all([placeWhile(() => applying), replaceRule().finally(() => (applying = false))]);
    // What comes after the hole waits for what fell into it.
    for (const orderId of orderIds.filter((_id, index) => index % CHANGED_EVERY === 0)) {
      const headers = { 'if-match': '"1"' };
      const changed = await request(
        stack.api_endpoint,
        'PATCH',
        `/orders/${orderId}`,
        { status: 'CONFIRMED' },
        headers,
      );
      expect(changed.status).toBe(200);
    }

    const reconcile = async (...args: string[]) => {
      const until = new Date(await now()).toISOString();
      const options = ['--json', 'reconcile', '--grace', '0', '--since', since, '--now', until, ...args];
      const { stdout } = outboxctl(options, [0, 1]);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ReconcileReport;
    };
    const found = await eventually(
      async () => {
        const report = await reconcile();
        expect(report.findings).toMatchObject({ late: 0, duplicated: 0, failed: 0 });
        return report;
      },
      { timeoutMs: 60_000, intervalMs: 1_000 },
    );
    expect(found.findings['lost']).toBeGreaterThan(0);

    const { findings, repaired } = await reconcile('--repair');
    expect(repaired).toBeGreaterThan(0);
    expect(Object.values(findings).every((count) => count === 0)).toBe(true);
  }, 300_000);
});

interface ReconcileReport {
  readonly findings: Readonly<Record<string, number>>;
  readonly repaired?: number;
}

async function placeWhile(condition: () => boolean): Promise<string[]> {
  const orderIds: string[] = [];
  while (condition()) {
    orderIds.push((await placeOrder(stack.api_endpoint)).orderId);
    await delay(BETWEEN_ORDERS_MS);
  }
  return orderIds;
}

/** As a deploy does that changes what forces a new rule. Asynchronous: orders are placed meanwhile. */
async function replaceRule(): Promise<void> {
  const args = ['-chdir=terraform', 'apply', '-auto-approve', '-no-color', '-input=false', `-replace=${RULE}`];
  await promisify(execFile)('terraform', args, { cwd: root, env: process.env, maxBuffer: 2 ** 26 });
}
