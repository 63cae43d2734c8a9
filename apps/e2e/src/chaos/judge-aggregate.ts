import type { Finding } from './finding';
import { judgeConsumer, type ConsumerPromise } from './judge-consumer';
import { readEvents, sequenceOf, type CommittedEvent } from './committed-event';
import type { Row } from './rows';

export interface ConsumerRows {
  readonly promise: ConsumerPromise;
  readonly rows: readonly Row[];
}

/** What the outbox and its consumers hold of one aggregate. */
export interface AggregateRows {
  readonly aggregateType: string;
  readonly id: string;
  /** Head and events in the outbox table. */
  readonly outbox: readonly Row[];
  readonly consumers: readonly ConsumerRows[];
}

/**
 * One aggregate of any type: its head against its events, and these against every consumer. Pure. Of an aggregate that has
 * neither head nor events nothing may be known anywhere.
 */
export function judgeAggregate({ aggregateType, id, outbox, consumers }: AggregateRows): Finding[] {
  const found = (kind: Finding['kind'], detail: string): Finding => ({
    kind,
    subject: id,
    detail: `${aggregateType}: ${detail}`,
  });
  const last = lastSequence(outbox);
  const items = outbox.filter((row) => row['entity'] === 'OutboxEvent');
  const events = readEvents(items);
  const there = new Set(events.map(({ version }) => version));
  const holes = Array.from({ length: last }, (_, index) => index + 1).filter((version) => !there.has(version));
  return [
    ...holes.map((version) => found('lost', `no event of version ${version} was committed`)),
    ...events
      .filter(({ version }) => version > last)
      .map(({ version }) => found('duplicated', `version ${version} is beyond the head, which is at ${last}`)),
    ...repeated(events).map((eventId) => found('duplicated', `event ${eventId} was committed twice`)),
    ...items.flatMap((item) => mismatch(item, aggregateType, id).map((detail) => found('lost', detail))),
    ...items.flatMap((item) => unpublished(item).map((detail) => found('stuck', detail))),
    ...consumers.flatMap((consumer) => judgeConsumer(consumer.promise, id, events, consumer.rows)),
  ];
}

/** How far the head of an aggregate is; 0 without one. */
export function lastSequence(outbox: readonly Row[]): number {
  return Number(outbox.find((row) => row['sk'] === 'HEAD')?.['lastSequence'] ?? 0);
}

function repeated(events: readonly CommittedEvent[]): string[] {
  const ids = events.map((event) => event.id);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}

/** Where the text that consumers get doesn't belong to the item it lies in. */
function mismatch(item: Row, aggregateType: string, id: string): string[] {
  const event = JSON.parse(String(item['detail'])) as Readonly<Record<string, unknown>>;
  const expected = {
    id: item['id'],
    type: item['type'],
    sequence: String(sequenceOf(item)),
    aggregatetype: aggregateType,
    subject: id,
    partitionkey: `${aggregateType}#${id}`,
  };
  return Object.entries(expected)
    .filter(([name, value]) => event[name] !== value)
    .map(([name, value]) => `${String(item['sk'])} says ${name} ${String(event[name])} instead of ${String(value)}`);
}

function unpublished(item: Row): string[] {
  const name = `version ${sequenceOf(item)}`;
  if (item['failedAt'] !== undefined) return [`${name} is given up: ${String(item['failure'])}`];
  return item['unpublishedShard'] === undefined ? [] : [`${name} is unpublished after ${item['attempts']} attempts`];
}
