import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readSubject, subjectKey } from '@outbox/inbox-dynamodb';
import { orderPk } from '@outbox/orders-dynamodb';
import type { Stack } from '../stack';
import { subjectOf } from '../subject';
import { readOrderState, type ReadCount } from '../tables';
import { partition } from '../trace/load';
import { FINDING_KINDS, type Finding, type FindingKind } from './finding';
import { judgeOrder, type JudgePolicy } from './judge';
import { scanOrders, scanOrphans, type ScannedOrder } from './scan';

export interface ReconcileReport {
  readonly orders: number;
  readonly events: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  readonly read: ReadCount;
}

export interface ReconcileOptions {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  readonly policy: JudgePolicy;
  /** Told every finding as soon as it is made. */
  readonly found: (finding: Finding) => Promise<void> | void;
  /** Told from time to time how far it is. */
  readonly progress: (orders: number) => void;
  /** No further order is compared once it says so; the report is of those that were. */
  readonly stop?: AbortSignal;
}

/** Orders compared at a time: enough to hide latency, few enough to hold in memory. */
const CONCURRENCY = 16;

/**
 * Compares every order with what each consumer made of its events; memory stays constant whatever the table's size.
 * @throws CorruptItemError
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { dynamodb, stack, found, progress, stop } = options;
  const read: ReadCount = { items: 0, capacityUnits: 0 };
  const counts = new Map<FindingKind, number>();
  let orders = 0;
  let events = 0;
  const report = async (finding: Finding): Promise<void> => {
    counts.set(finding.kind, (counts.get(finding.kind) ?? 0) + 1);
    await found(finding);
  };

  const judging = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const settled = async (some: Promise<unknown>): Promise<void> => {
    await some;
    if (failures.length > 0) throw failures[0];
  };
  for await (const order of scanOrders(dynamodb, stack.orders_table_name, read)) {
    if (stop?.aborted) break;
    orders += 1;
    events += order.state.events.length;
    // One that fails may do so while nobody waits for it: it is kept, or its order would pass for clean.
    const judged: Promise<void> = judge(options, order, read, report)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => judging.delete(judged));
    judging.add(judged);
    if (judging.size >= CONCURRENCY) await settled(Promise.race(judging));
    progress(orders);
  }
  await settled(Promise.all(judging));

  for (const [consumer, output] of Object.entries(stack.consumers)) {
    if (stop?.aborted) break;
    for await (const orderId of scanOrphans(dynamodb, stack.orders_table_name, output.table_name, read)) {
      const detail = `${consumer} knows an order that was never committed`;
      await report({ kind: 'orphaned', orderId, version: 0, consumer, detail });
    }
  }
  const findings = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, counts.get(kind) ?? 0]));
  return { orders, events, findings: findings as Record<FindingKind, number>, read };
}

/** An order may go on while its tables are read one after the other: only what a second look finds too is reported. */
async function judge(
  { dynamodb, stack, policy }: ReconcileOptions,
  { orderId, state }: ScannedOrder,
  read: ReadCount,
  report: (finding: Finding) => Promise<void>,
): Promise<void> {
  const consumers = await Promise.all(
    Object.entries(stack.consumers).map(async ([name, output]) => {
      const items = await partition(dynamodb, output.table_name, subjectKey(subjectOf(orderId)), read);
      return { name, output, subject: readSubject(output.table_name, items) };
    }),
  );
  const findings = judgeOrder(orderId, state, consumers, policy);
  if (findings.length === 0) return;
  const items = await partition(dynamodb, stack.orders_table_name, orderPk(orderId), read);
  const stateNow = readOrderState(stack.orders_table_name, items);
  const still = new Set(judgeOrder(orderId, stateNow, consumers, policy).map(identityOf));
  for (const finding of findings.filter((one) => still.has(identityOf(one)))) await report(finding);
}

function identityOf({ kind, version, consumer, eventId }: Finding): string {
  return JSON.stringify([kind, version, consumer, eventId]);
}
