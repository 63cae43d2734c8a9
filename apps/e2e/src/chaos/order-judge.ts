import type { Stack } from '../support/stack';
import type { AcceptedOrder } from './accepted-order';
import type { AwsClients } from './clients';
import type { Finding } from './finding';
import type { AggregateRows } from './judge-aggregate';
import { judgeOrder } from './judge-order';
import type { OutsideLog } from './judge-outside';
import type { CrashingCloud } from './local-cloud';
import type { Partners } from './partners';
import { rowsByKey, type Row } from './rows';
import type { Verdict } from './workload';

export interface OrderJudgeOptions {
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  /** Where consumers call them. */
  readonly partners?: Partners | undefined;
  /** Unique in the stack; every customer of the run is called after it. At least 8 characters. */
  readonly runName: string;
}

/** Whose events the outbox holds: an order, and its shipment under the same id. */
const AGGREGATES = ['order', 'shipment'] as const;
/** Keys of an aggregate's partition in the outbox table, and in a consumer's. */
const outboxKey = (aggregate: string, id: string): string => `${aggregate}#${id}`;
const consumerKey = (aggregate: string, id: string): string => `orders#${aggregate}#${id}`;

/** Reads every table once, and compares. */
export async function judgeTables(
  { stack, clients: { dynamodb }, runName }: OrderJudgeOptions,
  accepted: readonly AcceptedOrder[],
  outside: OutsideLog | undefined,
): Promise<Verdict> {
  const orders = await rowsByKey(dynamodb, stack.orders_table_name, () => true, 'orderId');
  const ours = [...orders.values()].flat().filter((row) => String(row['customerId']).startsWith(`${runName}-`));
  const ids = new Set([...ours.map((row) => String(row['orderId'])), ...accepted.map(({ orderId }) => orderId)]);
  const keysBy = (keyOf: typeof outboxKey): ReadonlySet<string> =>
    new Set([...ids].flatMap((id) => AGGREGATES.map((aggregate) => keyOf(aggregate, id))));
  const [outboxKeys, consumerKeys] = [keysBy(outboxKey), keysBy(consumerKey)];
  const outbox = await rowsByKey(dynamodb, stack.outbox_table_name, (key) => outboxKeys.has(key));
  const consumers = await Promise.all(
    Object.entries(stack.consumers).map(async ([name, { table_name, policy, on }]) => ({
      name,
      policy,
      on,
      rows: await rowsByKey(dynamodb, table_name, (key) => consumerKeys.has(key)),
    })),
  );
  const aggregateRows = (aggregateType: string, id: string): AggregateRows => ({
    aggregateType,
    id,
    outbox: outbox.get(outboxKey(aggregateType, id)) ?? [],
    consumers: consumers.flatMap(({ name, policy, on, rows }) => {
      const types = on[aggregateType];
      if (types === undefined) return [];
      const eventTypes = types.length > 0 ? types : null;
      return [{ promise: { name, policy, eventTypes }, rows: rows.get(consumerKey(aggregateType, id)) ?? [] }];
    }),
  });
  const outsideOf = outside && outsideByOrder(outside);
  const events = [...outbox.values()].flat().filter((item) => item['entity'] === 'OutboxEvent');
  return {
    totals: {
      'orders in the table': ours.length,
      events: events.length,
      ...countImports(accepted),
      'events swept': events.filter((item) => Number(item['attempts']) > 0).length,
    },
    findings: [
      ...accepted.flatMap((one) =>
        judgeOrder(one, {
          row: orders.get(one.orderId)?.[0],
          order: aggregateRows('order', one.orderId),
          shipment: aggregateRows('shipment', one.orderId),
          outside: outsideOf?.(one),
        }),
      ),
      ...unasked(ours, new Set(accepted.map(({ orderId }) => orderId))),
    ],
  };
}

/** What partners did, for each order; mails go by the customer, who has one order only. */
function outsideByOrder({ bookings, refusals, messages }: OutsideLog) {
  const booked = Map.groupBy(bookings, ({ reference }) => reference);
  const refused = Map.groupBy(refusals, ({ reference }) => reference);
  const sent = Map.groupBy(messages, ({ to }) => to);
  return ({ orderId, customerId }: AcceptedOrder) => ({
    bookings: booked.get(orderId) ?? [],
    refusals: refused.get(orderId) ?? [],
    messages: sent.get(customerId) ?? [],
  });
}

function countImports(accepted: readonly AcceptedOrder[]): Verdict['totals'] {
  const imports = accepted.flatMap(({ told }) => (told.kind === 'imports' ? told.imports : []));
  const committed = imports.filter(({ outcome }) => outcome.kind === 'committed');
  return {
    'commits of several': committed.filter(({ events }) => events > 1).length,
    'commits of one': committed.filter(({ events }) => events === 1).length,
    'conflicts of imports': imports.length - committed.length,
  };
}

/** Orders that no client was told of: a retry made a second one. */
function unasked(ours: readonly Row[], ids: ReadonlySet<string>): Finding[] {
  return ours
    .map((row) => String(row['orderId']))
    .filter((orderId) => !ids.has(orderId))
    .map((subject) => ({ kind: 'duplicated', subject, detail: 'in the table, and no client was told of it' }));
}
