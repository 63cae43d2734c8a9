import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import type { Finding } from './finding';
import { judgeOrder, type ConsumerRows } from './judge-order';
import { judgeOutside } from './judge-outside';
import type { LocalCloud } from './local-cloud';
import type { Partners } from './partners';
import { OrderClient, type AcceptedOrder } from './order-client';
import { reconcile, type ReconcileCommand } from './reconcile';
import { repeatedEffects } from './repeated-effects';
import { rowsByKey, type Row } from './rows';
import type { Workload } from './workload';

export interface OrderWorkloadOptions {
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: LocalCloud;
  /** Where consumers call them. */
  readonly partners?: Partners | undefined;
  readonly reconcile: ReconcileCommand;
  /** Unique in the stack; every customer of the run is called after it. At least 8 characters. */
  readonly runName: string;
}

/**
 * The order example: customers place and change orders; judged by the tables, the consumers' logs, the partners and
 * `outboxctl`.
 */
export function orderWorkload(options: OrderWorkloadOptions): Workload<AcceptedOrder> {
  const startedAt = new Date().toISOString();
  const nameOf = (index: number): string => `${options.runName}-${String(index).padStart(6, '0')}`;
  return {
    run: (index, client, random) => new OrderClient(client, random, nameOf(index)).run(),
    judge: async (accepted) => {
      const { orders, events, swept, findings } = await judgeTables(options, accepted);
      const ids = new Set(accepted.map(({ orderId }) => orderId));
      const outside = await options.partners?.log(startedAt);
      const repeated = await repeatedEffects(options.clients.logs, options.stack);
      return {
        totals: {
          'orders accepted': ids.size,
          'orders in the table': orders,
          events,
          'events swept': swept,
          ...(outside === undefined ? {} : { bookings: outside.bookings.length, mails: outside.messages.length }),
        },
        findings: [
          ...findings,
          ...repeated.filter(({ subject }) => ids.has(subject)),
          ...(outside === undefined ? [] : judgeOutside(outside)),
          ...(await reconcile(options.reconcile, options.cloud, (orderId) => ids.has(orderId))),
        ],
      };
    },
  };
}

interface TableVerdict {
  readonly orders: number;
  readonly events: number;
  /** Of these, how many the sweeper had to publish. */
  readonly swept: number;
  readonly findings: readonly Finding[];
}

/** Keys of an order's partition in the outbox table, and in a consumer's. */
const OUTBOX_KEY = 'order#';
const CONSUMER_KEY = 'orders#order#';

async function judgeTables(
  { stack, clients: { dynamodb }, runName }: OrderWorkloadOptions,
  accepted: readonly AcceptedOrder[],
): Promise<TableVerdict> {
  const orders = await rowsByKey(dynamodb, stack.orders_table_name, () => true, 'orderId');
  const ours = [...orders.values()].flat().filter((row) => String(row['customerId']).startsWith(`${runName}-`));
  const ourKeys = new Set(ours.map((row) => OUTBOX_KEY + String(row['orderId'])));
  const outbox = await rowsByKey(dynamodb, stack.outbox_table_name, (key) => ourKeys.has(key));
  const ids = new Set(accepted.map(({ orderId }) => orderId));
  const keys = new Set([...ids].map((orderId) => CONSUMER_KEY + orderId));
  const ofOrders = Object.entries(stack.consumers).filter(([, { on }]) => on['order'] !== undefined);
  const consumers = await Promise.all(
    ofOrders.map(
      async ([
        name,
        {
          table_name,
          policy,
          on: { order: types = [] },
        },
      ]) => ({
        promise: { name, policy, eventTypes: types.length > 0 ? types : null },
        rows: await rowsByKey(dynamodb, table_name, (key) => keys.has(key)),
      }),
    ),
  );
  const consumerRows = (orderId: string): ConsumerRows[] =>
    consumers.map(({ promise, rows: known }) => ({ promise, rows: known.get(CONSUMER_KEY + orderId) ?? [] }));
  const events = [...outbox.values()].flat().filter((item) => item['entity'] === 'OutboxEvent');
  return {
    orders: ours.length,
    events: events.length,
    swept: events.filter((item) => Number(item['attempts']) > 0).length,
    findings: [
      ...accepted.flatMap((order) => {
        const [row] = orders.get(order.orderId) ?? [];
        const rows = { order: row, outbox: outbox.get(OUTBOX_KEY + order.orderId) ?? [] };
        return judgeOrder(order, rows, consumerRows(order.orderId));
      }),
      ...unasked(ours, ids),
    ],
  };
}

/** Orders that no client was told of: a retry made a second one. */
function unasked(ours: readonly Row[], ids: ReadonlySet<string>): Finding[] {
  return ours
    .map((row) => String(row['orderId']))
    .filter((orderId) => !ids.has(orderId))
    .map((subject) => ({ kind: 'duplicated', subject, detail: 'in the table, and no client was told of it' }));
}
