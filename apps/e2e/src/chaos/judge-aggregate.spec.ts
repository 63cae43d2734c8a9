import type { FindingKind } from './finding';
import { judgeAggregate, type ConsumerRows } from './judge-aggregate';
import type { Row } from './rows';
import { effect, inboxHead, outboxEvent, outboxHead } from './testing/rows';

const once = (...rows: Row[]): ConsumerRows => ({
  promise: { name: 'once', policy: 'once', eventTypes: ['OrderCreated'] },
  rows,
});
const inOrder = (...rows: Row[]): ConsumerRows => ({ promise: { name: 'in-order', policy: 'in-order' }, rows });
const latest = (...rows: Row[]): ConsumerRows => ({ promise: { name: 'latest', policy: 'latest' }, rows });
const begun = (status: string, attempts: number): Row => ({
  'pending.status': status,
  'pending.type': 'OrderUpdated',
  'pending.version': 3,
  'pending.attempts': attempts,
});

const both = [outboxHead(2), outboxEvent({ version: 1 }), outboxEvent({ version: 2 })];
const done = [once(effect(1)), inOrder(inboxHead(2), effect(1), effect(2)), latest(inboxHead(2))];
const judge = (outbox: readonly Row[], consumers: readonly ConsumerRows[] = []) =>
  judgeAggregate({ aggregateType: 'order', id: 'o', outbox, consumers });

describe('judgeAggregate', () => {
  it('finds nothing where everybody did what is promised, or nothing ever happened', () => {
    expect(judge(both, done)).toEqual([]);
    expect(judge([], [once(), inOrder(), latest()])).toEqual([]);
  });

  it.each<[string, FindingKind, readonly Row[], readonly ConsumerRows[]]>([
    ['a version without an event', 'lost', [outboxHead(2), outboxEvent({ version: 2 })], []],
    ['an event beyond the head', 'duplicated', [outboxHead(1), ...both.slice(1)], []],
    ['events without a head', 'duplicated', both.slice(1), []],
    [
      'one event under two versions',
      'duplicated',
      [outboxHead(2), outboxEvent({ version: 1 }), outboxEvent({ version: 2, id: 'e-1' })],
      [],
    ],
    [
      'an event whose text is of another',
      'lost',
      [outboxHead(2), outboxEvent({ version: 1 }), outboxEvent({ version: 2 }, { id: 'e-3' })],
      [],
    ],
    ['an event of another aggregate', 'lost', [outboxHead(1), outboxEvent({ version: 1 }, {}, 'shipment')], []],
    [
      'an event that was never published',
      'stuck',
      [outboxHead(1), outboxEvent({ version: 1 }, { unpublishedShard: 's1' })],
      [],
    ],
    [
      'an event that was given up',
      'stuck',
      [outboxHead(1), outboxEvent({ version: 1 }, { failedAt: 'x', failure: 'y' })],
      [],
    ],
    ['an effect that was never had', 'lost', both, [once()]],
    ['an effect of another event', 'duplicated', both, [once(effect(1), effect(1, { eventId: 'e-9' }))]],
    ['an effect of nothing that was committed', 'duplicated', [], [once(effect(1))]],
    ['an effect that an in-order consumer left out', 'lost', both, [inOrder(inboxHead(2), effect(2))]],
    ['an in-order effect of no event', 'duplicated', both, [inOrder(inboxHead(2), effect(1), effect(2), effect(3))]],
    [
      'effects in the wrong order',
      'reordered',
      both,
      [inOrder(inboxHead(2), effect(1, { appliedAt: '2026-01-01T00:00:03.000Z' }), effect(2))],
    ],
    ['a view that is behind', 'lost', both, [latest(inboxHead(1))]],
    ['a view that was never made', 'lost', both, [latest()]],
    ['a view of another event', 'duplicated', both, [latest(inboxHead(2, { lastEventId: 'e-9' }))]],
    [
      'a claim that nobody completed',
      'stuck',
      both,
      [once(effect(1), { sk: 'EFFECT#0000000003', ...begun('claimed', 1) })],
    ],
    ['an attempt that was not repeated', 'stuck', both, [latest(inboxHead(2, begun('retrying', 2)))]],
    [
      'a dead letter that holds its aggregate',
      'stuck',
      both,
      [inOrder(inboxHead(2, begun('dead-lettered', 20)), effect(1), effect(2))],
    ],
  ])('finds %s', (_, kind, outbox, consumers) => {
    expect(new Set(judge(outbox, consumers).map((finding) => finding.kind))).toEqual(new Set([kind]));
  });
});
