import type { FindingKind } from './finding';
import { judgeOrder, type ConsumerRows, type OrderRows } from './judge-order';
import type { AcceptedOrder } from './order-client';
import type { Row } from './rows';

const accepted: AcceptedOrder = { orderId: 'o', customerId: 'c', version: 2, findings: [] };
const order = (version: number): Row => ({ orderId: 'o', version });
const outboxHead = (lastSequence: number): Row => ({ sk: 'HEAD', entity: 'OutboxHead', lastSequence });
const event = (version: number, more: Row = {}): Row => ({
  sk: `EVENT#${String(version).padStart(10, '0')}`,
  entity: 'OutboxEvent',
  id: `e-${version}`,
  type: version === 1 ? 'OrderCreated' : 'OrderUpdated',
  attempts: 0,
  ...more,
});
const effect = (version: number, more: Row = {}): Row => ({
  sk: `EFFECT#${String(version).padStart(10, '0')}`,
  eventId: `e-${version}`,
  version,
  appliedAt: `2026-01-01T00:00:0${version}.000Z`,
  ...more,
});
const head = (version: number, more: Row = {}): Row => ({
  sk: 'INBOX',
  lastVersion: version,
  lastEventId: `e-${version}`,
  ...more,
});
const shipment: Row = { sk: 'EFFECT#0000000001', eventId: 'e-1', version: 1 };

const once = (...rows: Row[]): ConsumerRows => ({
  promise: { name: 'once', policy: 'once', eventTypes: ['OrderCreated'] },
  rows,
});
const inOrder = (...rows: Row[]): ConsumerRows => ({ promise: { name: 'in-order', policy: 'in-order' }, rows });
const latest = (...rows: Row[]): ConsumerRows => ({ promise: { name: 'latest', policy: 'latest' }, rows });

/** An order at a version, with a head that agrees and these events. */
const at = (version: number, ...events: Row[]): OrderRows => ({
  order: order(version),
  outbox: [outboxHead(version), ...events],
});

const table = at(2, event(1), event(2));
const done = [once(shipment), inOrder(head(2), effect(1), effect(2)), latest(head(2))];

describe('judgeOrder', () => {
  it('finds nothing where everybody did what is promised', () => {
    expect(judgeOrder(accepted, table, done)).toEqual([]);
  });

  it.each<[string, FindingKind, OrderRows, readonly ConsumerRows[]]>([
    ['an order that is gone', 'lost', { outbox: [] }, []],
    ['a change that is gone', 'lost', at(1, event(1)), []],
    ['a change that was made twice', 'duplicated', at(3, event(1), event(2), event(3)), []],
    [
      'a head that is not where its order is',
      'lost',
      { order: order(2), outbox: [outboxHead(1), event(1), event(2)] },
      [],
    ],
    ['a version without an event', 'lost', at(2, event(2)), []],
    ['an event that was never published', 'stuck', at(2, event(1), event(2, { unpublishedShard: 's1' })), []],
    ['an event that was given up', 'stuck', at(2, event(1), event(2, { failedAt: 'x', failure: 'y' })), []],
    ['a shipment that was never made', 'lost', table, [once()]],
    ['a shipment of another event', 'duplicated', table, [once(shipment, { ...shipment, eventId: 'e-9' })]],
    ['a message that was never sent', 'lost', table, [inOrder(head(2), effect(2))]],
    ['a message of no event', 'duplicated', table, [inOrder(head(2), effect(1), effect(2), effect(3))]],
    [
      'messages in the wrong order',
      'reordered',
      table,
      [inOrder(head(2), effect(1, { appliedAt: '2026-01-01T00:00:03.000Z' }), effect(2))],
    ],
    ['a view that is behind', 'lost', table, [latest(head(1))]],
    ['a view that was never made', 'lost', table, [latest()]],
    ['a view of another event', 'duplicated', table, [latest(head(2, { lastEventId: 'e-9' }))]],
  ])('finds %s', (_, kind, rows, consumers) => {
    expect(new Set(judgeOrder(accepted, rows, consumers).map((finding) => finding.kind))).toEqual(new Set([kind]));
  });

  it('passes on what the client complained about', () => {
    const complaint = { kind: 'wrong-answer', subject: 'o', detail: 'x' } as const;
    expect(judgeOrder({ ...accepted, findings: [complaint] }, table, done)).toEqual([complaint]);
  });
});
