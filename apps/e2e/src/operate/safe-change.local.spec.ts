import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { eventually } from '@outbox/testing';
import {
  apply,
  changeCode,
  copyOfArtifacts,
  functionVersions,
  planned,
  type FunctionVersions,
} from '../support/deployment';
import { cloud } from '../support/local-cloud';
import { changeOrder, newOrder, outboxctl, placeOrder, request } from '../support/orders';
import { aws, readStack } from '../support/stack';
import { root } from '../support/target';

const api = readStack();
const before = functionVersions();
const apps = Object.keys(before);
/** One of each kind; with EVERY_FUNCTION=1 all of them, a plan each. */
const plannedApps = process.env['EVERY_FUNCTION'] === '1' ? apps : ['orders-api', 'outbox-relay', 'notifications'];

/**
 * Some order is always under way, on its way through every consumer. More of them only slow the apply down, and it is the
 * time of the apply that counts.
 */
const BETWEEN_ORDERS_MS = 1_000;

/** A change of a function loses nothing, is its own, and reaches whoever invokes it in steps of one's choice. */
describe('a change of a function', () => {
  let directory = '';
  let artifacts_dir = '';
  beforeAll(() => {
    mkdirSync(join(root, '.local'), { recursive: true });
    directory = mkdtempSync(join(root, '.local', 'safe-change-'));
    artifacts_dir = copyOfArtifacts(directory);
    for (const app of apps) changeCode(artifacts_dir, app, 'changed');
  });
  // The functions keep the changed code, which does the same: another apply would only take time.
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('loses nothing that is under way, though it is every function that changes', async () => {
    const since = new Date(await cloud.now()).toISOString();
    const clients = startClients();
    await apply({ artifacts_dir });
    const { orderIds, refused } = await clients.stop();

    expect(functionVersions()).toEqual(later(before, 1));
    expect(refused).toEqual([]);
    expect(orderIds.length).toBeGreaterThan(10);
    // Every order, at every consumer: nothing lost, late, twice or out of order.
    await eventually(
      async () => {
        await cloud.advance(30_000); // a message whose batch failed comes again
        const until = new Date(await cloud.now()).toISOString();
        outboxctl(['--json', 'reconcile', '--grace', '0', '--since', since, '--now', until]);
      },
      { timeoutMs: 90_000, intervalMs: 1_000 },
    );
  }, 300_000);

  it.each(plannedApps)('%s is planned as the change of that function and its alias, nothing else', (app) => {
    changeCode(artifacts_dir, app, 'changed again');
    const changes = planned({ artifacts_dir });
    changeCode(artifacts_dir, app, 'changed');

    const [module] = changes.map(({ address }) => address.replace(/\.aws_lambda_\w+\.\w+$/, ''));
    expect(changes).toEqual([
      { address: `${module}.aws_lambda_alias.live`, action: 'update' },
      { address: `${module}.aws_lambda_function.this`, action: 'update' },
    ]);
    expect(module?.replaceAll('.module.', '-').replaceAll('_', '-')).toContain(app);
  });

  it('is tried with a share of the requests, taken back, and made everybody’s', async () => {
    const [held = '', newest = ''] = [1, 2].map((step) => later(before, step)['orders-api']?.live);
    const shift = (weight: number) => ({ 'orders-api': { from_version: held, weight } });
    const { orderId } = await placeOrder(api);
    changeCode(artifacts_dir, 'orders-api', 'changed again');

    await apply({ artifacts_dir, gradual_shift: shift(0.5) });
    expect(await versionsThatAnswer(orderId)).toEqual([held, newest]);
    expect(functionVersions()['orders-api']).toEqual({ live: held, newest });
    await apply({ artifacts_dir, gradual_shift: shift(0) });
    expect(await versionsThatAnswer(orderId)).toEqual([held]);
    await apply({ artifacts_dir });
    expect(await versionsThatAnswer(orderId)).toEqual([newest]);
  }, 300_000);
});

/** The versions as they are after so many changes of every function. */
function later(versions: FunctionVersions, changes: number): FunctionVersions {
  const next = (version: string): string => String(Number(version) + changes);
  return Object.fromEntries(
    Object.entries(versions).map(([app, { live, newest }]) => [app, { live: next(live), newest: next(newest) }]),
  );
}

/** Customers who place orders and change them, one request after the other, until they are stopped. */
function startClients() {
  const orderIds: string[] = [];
  const refused: unknown[] = [];
  let stopped = false;
  const client = async (): Promise<void> => {
    for (; !stopped; await delay(BETWEEN_ORDERS_MS)) {
      const { status, body } = await request(api, 'POST', '/orders', newOrder(), {
        'idempotency-key': randomUUID(),
      });
      if (status !== 201) {
        refused.push({ status, body });
        continue;
      }
      const orderId = String(body['orderId']);
      orderIds.push(orderId);
      // Its shipment may be booked meanwhile: this change is allowed before and after.
      const cancelled = await changeOrder(api, orderId, { status: 'CANCELLED' }, '*');
      if (cancelled.status !== 200) refused.push({ status: cancelled.status, body: cancelled.body });
    }
  };
  const running = [client(), client()];
  return {
    async stop(): Promise<{ readonly orderIds: readonly string[]; readonly refused: readonly unknown[] }> {
      stopped = true;
      await Promise.all(running);
      return { orderIds, refused };
    },
  };
}

/** Which versions of orders-api answer twenty requests, by their logs. */
async function versionsThatAnswer(orderId: string): Promise<readonly string[]> {
  const requests = 20;
  const startTime = await cloud.now();
  for (let sent = 0; sent < requests; sent += 1) {
    expect((await request(api, 'GET', `/orders/${orderId}`)).status).toBe(200);
  }
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  const name = Functions.find(
    ({ Environment }) => Environment?.Variables?.['POWERTOOLS_SERVICE_NAME'] === 'orders-api',
  );
  const logGroupName = `/aws/lambda/${name?.FunctionName}`;
  const started = await eventually(
    async () => {
      const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
      const found = events.flatMap(({ message = '' }) => /^START .*Version: (\d+)/.exec(message)?.[1] ?? []);
      expect(found.length).toBeGreaterThanOrEqual(requests);
      return found;
    },
    { timeoutMs: 20_000, intervalMs: 250 },
  );
  return [...new Set(started)].sort();
}
