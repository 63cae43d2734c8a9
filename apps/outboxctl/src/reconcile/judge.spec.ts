import { consumerSubject as consumer, orderState, type Row } from '../testing/rows';
import type { ConsumerSubject } from '../trace/timeline';
import { judgeOrder } from './judge';

const COMMITTED = '2026-01-01T00:00:00.000Z';
const minute = 60_000;
const policy = { now: Date.UTC(2026, 0, 1) + 60 * minute, graceMs: 5 * minute, since: 0 };
const order: Row = { pk: 'ORDER#o-1', sk: 'ORDER', status: 'CONFIRMED', version: 2 };
const published = [event(1, 'OrderCreated'), event(2, 'OrderUpdated')];
const done: ConsumerSubject[] = [
  consumer('fulfilment', 'once', [effect(1, 'EFFECT#0000000001')], ['OrderCreated']),
  consumer('notifications', 'in-order', [
    effect(1),
    effect(2),
    { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' },
  ]),
  consumer('order-view', 'latest', [{ ...effect(2, 'INBOX'), firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' }]),
];

describe('judgeOrder', () => {
  it('finds nothing where every subscribed consumer did every event', () => {
    expect(judge([order, ...published], done)).toEqual([]);
  });

  it('finds an event lost that a subscribed consumer has not done', () => {
    const findings = judge(
      [order, ...published],
      [
        consumer('fulfilment', 'once', [], ['OrderCreated']),
        consumer('notifications', 'in-order', [
          effect(1),
          { sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' },
        ]),
      ],
    );
    expect(findings).toEqual([
      { kind: 'lost', consumer: 'fulfilment', version: 1 },
      { kind: 'lost', consumer: 'notifications', version: 2 },
    ]);
  });

  it('gives an event its time to get through before it counts as lost', () => {
    const young = event(1, 'OrderCreated', { committedAt: new Date(policy.now - minute).toISOString() });
    expect(judge([{ ...order, version: 1 }, young], [consumer('fulfilment', 'once', [])])).toEqual([]);
  });

  it('finds an unpublished event late once it is due, and not before', () => {
    const due = (ms: number) => ({ dueAt: new Date(policy.now + ms).toISOString() });
    expect(judge([{ ...order, version: 1 }, event(1, 'OrderCreated', due(-1))], [])).toEqual([
      { kind: 'late', version: 1 },
    ]);
    expect(judge([{ ...order, version: 1 }, event(1, 'OrderCreated', due(0))], [])).toEqual([
      { kind: 'late', version: 1 },
    ]);
    expect(judge([{ ...order, version: 1 }, event(1, 'OrderCreated', due(1))], [])).toEqual([]);
  });

  it('finds an event late for as long as the sweeper tries in vain, between its attempts too', () => {
    const backingOff = event(1, 'OrderCreated', {
      dueAt: new Date(policy.now + 60 * minute).toISOString(),
      attempts: 5,
    });
    expect(judge([{ ...order, version: 1 }, backingOff], [])).toEqual([{ kind: 'late', version: 1 }]);
  });

  it('finds an event whose order never got that far, as a restore may leave it', () => {
    expect(judge([order, ...published, event(3, 'OrderUpdated')], done)).toEqual([{ kind: 'orphaned', version: 3 }]);
  });

  it('finds what the sweeper gave up', () => {
    const failed = event(1, 'OrderCreated', { failedAt: 'x', failure: 'too often' });
    expect(judge([{ ...order, version: 1 }, failed], [])).toEqual([{ kind: 'failed', version: 1 }]);
  });

  it('finds two effects of one event, an effect out of order, and an effect nobody committed', () => {
    const twice = consumer('notifications', 'in-order', [
      effect(1),
      { ...effect(2), appliedAt: '2026-01-01T00:00:00.500Z' },
      { ...effect(2, 'EFFECT#again'), appliedAt: '2026-01-01T00:00:02.000Z' },
      effect(3),
      { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' },
    ]);
    expect(judge([order, ...published], [twice])).toEqual([
      { kind: 'out-of-order', consumer: 'notifications', version: 2 },
      { kind: 'duplicated', consumer: 'notifications', version: 2 },
      { kind: 'orphaned', consumer: 'notifications', version: 3 },
    ]);
  });

  it('finds an effect of another event under the same version, as a restore leaves it', () => {
    const other = consumer(
      'fulfilment',
      'once',
      [{ ...effect(1, 'EFFECT#0000000001'), eventId: 'e-old' }],
      ['OrderCreated'],
    );
    expect(judge([order, ...published], [other])).toEqual([
      { kind: 'lost', consumer: 'fulfilment', version: 1 },
      { kind: 'orphaned', consumer: 'fulfilment', version: 1 },
    ]);
  });

  it('finds a version without an outbox item lost, unless retention took it', () => {
    const kept = event(1, 'OrderCreated');
    const last = event(3, 'OrderUpdated');
    const heads = [
      consumer('order-view', 'latest', [
        { ...effect(3, 'INBOX'), firstVersion: 1, lastVersion: 3, lastEventId: 'e-3' },
      ]),
    ];
    expect(judge([{ ...order, version: 3 }, kept, last], heads)).toEqual([{ kind: 'lost', version: 2 }]);
    expect(judge([{ ...order, version: 3 }, last], heads)).toEqual([]);
    expect(judge([{ ...order, version: 3 }, { ...kept, expiresAt: 1 }, last], heads)).toEqual([]);
  });

  it('judges what is older than retention by the consumer’s head alone', () => {
    const behind = consumer('notifications', 'in-order', [
      { sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' },
    ]);
    expect(judge([{ ...order, version: 2 }], [behind])).toEqual([
      { kind: 'lost', consumer: 'notifications', version: 2 },
    ]);
  });

  it('takes a hole behind a given-up event, which never expires, for retention’s, and judges it by the head', () => {
    const rows = [{ ...order, version: 3 }, event(2, 'OrderUpdated', { failedAt: 'x', failure: 'too often' })];
    expect(
      judge(rows, [
        consumer('order-view', 'latest', [
          { ...effect(3, 'INBOX'), firstVersion: 1, lastVersion: 3, lastEventId: 'e-3' },
        ]),
      ]),
    ).toEqual([{ kind: 'failed', version: 2 }]);
    expect(
      judge(rows, [
        consumer('notifications', 'in-order', [{ sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' }]),
      ]),
    ).toEqual([
      { kind: 'failed', version: 2 },
      { kind: 'lost', consumer: 'notifications', version: 3 },
    ]);
  });

  it('leaves alone what was committed before --since', () => {
    expect(
      judgeOrder('o-1', orderState([order, ...published]), [consumer('fulfilment', 'once', [])], {
        ...policy,
        since: policy.now,
      }),
    ).toEqual([]);
  });
});

function judge(rows: readonly Row[], consumers: readonly ConsumerSubject[]) {
  return judgeOrder('o-1', orderState(rows), consumers, policy).map(({ kind, version, consumer }) => ({
    kind,
    version,
    ...(consumer === undefined ? {} : { consumer }),
  }));
}

function event(version: number, type: string, more: Row = {}): Row {
  const sk = `EVENT#${String(version).padStart(10, '0')}`;
  return {
    pk: 'ORDER#o-1',
    sk,
    entity: 'OutboxEvent',
    id: `e-${version}`,
    type,
    committedAt: COMMITTED,
    attempts: 0,
    ...more,
  };
}

function effect(version: number, sk = `EFFECT#${String(version).padStart(10, '0')}`): Row {
  return {
    pk: 'orders#order#o-1',
    sk,
    version,
    eventId: `e-${version}`,
    type: version === 1 ? 'OrderCreated' : 'OrderUpdated',
    committedAt: COMMITTED,
    busAt: COMMITTED,
    queuedAt: COMMITTED,
    appliedAt: `2026-01-01T00:00:0${version}.000Z`,
    receives: 1,
  };
}
