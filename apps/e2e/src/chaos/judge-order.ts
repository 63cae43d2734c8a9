import { judgeConsumer, type CommittedEvent, type ConsumerPromise } from './judge-consumer';
import type { Finding } from './finding';
import type { AcceptedOrder } from './order-client';
import type { Row } from './rows';

export interface ConsumerRows {
  readonly promise: ConsumerPromise;
  readonly rows: readonly Row[];
}

/** What the stack's own tables hold of one order. */
export interface OrderRows {
  /** Its item in the orders table. */
  readonly order?: Row | undefined;
  /** Its head and events in the outbox table. */
  readonly outbox: readonly Row[];
}

/** One order: what its client was told, against its rows in orders table, outbox table and at every consumer. Pure. */
export function judgeOrder(
  accepted: AcceptedOrder,
  { order, outbox }: OrderRows,
  consumers: readonly ConsumerRows[],
): Finding[] {
  const found = (kind: Finding['kind'], detail: string): Finding => ({ kind, subject: accepted.orderId, detail });
  if (!order) return [...accepted.findings, found('lost', 'accepted, and not in the table')];
  const version = Number(order['version']);
  const head = Number(outbox.find((row) => row['sk'] === 'HEAD')?.['lastSequence'] ?? 0);
  const items = outbox.filter((row) => row['entity'] === 'OutboxEvent');
  const events = items.map(eventOf).sort((a, b) => a.version - b.version);
  return [
    ...accepted.findings,
    ...(version < accepted.version ? [found('lost', `at version ${version}, accepted up to ${accepted.version}`)] : []),
    ...(version > accepted.version ? [found('duplicated', `at version ${version} of ${accepted.version}`)] : []),
    ...(head === version ? [] : [found('lost', `at version ${version}, its head is at ${head}`)]),
    ...holes(version, events).map((hole) => found('lost', `no event of version ${hole} was committed`)),
    ...items.flatMap((item) => unpublished(item).map((detail) => found('stuck', detail))),
    ...consumers.flatMap((consumer) => judgeConsumer(consumer.promise, accepted.orderId, events, consumer.rows)),
  ];
}

function eventOf(item: Row): CommittedEvent {
  return {
    id: String(item['id']),
    type: String(item['type']),
    version: Number(String(item['sk']).split('#')[1]),
  };
}

function holes(version: number, events: readonly CommittedEvent[]): number[] {
  const there = new Set(events.map((event) => event.version));
  return Array.from({ length: version }, (_, index) => index + 1).filter((one) => !there.has(one));
}

function unpublished(item: Row): string[] {
  const name = `version ${Number(String(item['sk']).split('#')[1])}`;
  if (item['failedAt'] !== undefined) return [`${name} is given up: ${String(item['failure'])}`];
  return item['unpublishedShard'] === undefined ? [] : [`${name} is unpublished after ${item['attempts']} attempts`];
}
