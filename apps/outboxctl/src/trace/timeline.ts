import type { ConsumerOutput } from '../stack';
import { inboxHead, isOrder, isOutboxItem, text, versionOf, type Row } from '../tables';

/**
 * Where an event stands with one consumer. `superseded`: a `latest` consumer had a newer version already.
 */
export type ConsumerState = 'done' | 'superseded' | 'pending' | 'not-subscribed';

export interface ConsumerHop {
  readonly consumer: string;
  readonly policy: ConsumerOutput['policy'];
  readonly state: ConsumerState;
  readonly queuedAt?: string;
  readonly appliedAt?: string;
  readonly receives?: number;
}

export interface EventTimeline {
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly committedAt: string;
  readonly relayedAt?: string;
  /** EventBridge keeps whole seconds only. */
  readonly busAt?: string;
  readonly publishedAt?: string;
  readonly attempts: number;
  readonly failure?: string;
  readonly consumers: readonly ConsumerHop[];
}

export interface Trace {
  readonly orderId: string;
  readonly status: string;
  readonly version: number;
  readonly events: readonly EventTimeline[];
  /** Every event done (or rightly superseded) by every subscribed consumer. */
  readonly complete: boolean;
}

export interface ConsumerRows {
  readonly name: string;
  readonly output: ConsumerOutput;
  readonly rows: readonly Row[];
}

/**
 * Joins what the orders table and the consumers' own tables hold about one order, with no logs involved.
 * `orderRows` is the order's whole partition, each consumer's `rows` its partition for that order.
 */
export function buildTrace(orderId: string, orderRows: readonly Row[], consumers: readonly ConsumerRows[]): Trace {
  const order = orderRows.find(isOrder) ?? {};
  const events = orderRows.filter(isOutboxItem).map((row) => timelineOf(row, consumers));
  return {
    orderId,
    status: text(order['status']) ?? 'unknown',
    version: Number(order['version'] ?? 0),
    events,
    complete: events.length > 0 && events.every((event) => event.consumers.every((hop) => hop.state !== 'pending')),
  };
}

function timelineOf(event: Row, consumers: readonly ConsumerRows[]): EventTimeline {
  const id = text(event['id']) ?? '';
  const type = text(event['type']) ?? '';
  const version = versionOf(event);
  const hops = consumers.map((consumer) => hopOf(id, type, version, consumer));
  const record = hops.find((hop) => hop.record !== undefined)?.record;
  return {
    version,
    id,
    type,
    committedAt: text(event['committedAt']) ?? '',
    attempts: Number(event['attempts'] ?? 0),
    ...optional('relayedAt', record?.['relayedAt']),
    ...optional('busAt', record?.['busAt']),
    ...optional('publishedAt', event['publishedAt']),
    ...optional('failure', event['failure']),
    consumers: hops.map((hop) => hop.hop),
  };
}

function hopOf(id: string, type: string, version: number, consumer: ConsumerRows): { hop: ConsumerHop; record?: Row } {
  const { name, output, rows } = consumer;
  const base = { consumer: name, policy: output.policy };
  const types = output.event_types;
  if (types && !types.includes(type)) return { hop: { ...base, state: 'not-subscribed' } };
  const record = rows.find(
    (row) => row['eventId'] === id || (row['lastEventId'] === id && row['appliedAt'] !== undefined),
  );
  if (record) {
    return {
      record,
      hop: {
        ...base,
        state: 'done',
        ...optional('queuedAt', record['queuedAt']),
        ...optional('appliedAt', record['appliedAt']),
        receives: Number(record['receives'] ?? 1),
      },
    };
  }
  const lastVersion = Number(inboxHead(rows)?.['lastVersion'] ?? 0);
  return { hop: { ...base, state: output.policy === 'latest' && lastVersion > version ? 'superseded' : 'pending' } };
}

function optional<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}
