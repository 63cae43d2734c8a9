import type { ConsumerSubject } from '../tables';
import { aggregateState, consumerSubject as consumer, headRow, type Row } from '../testing/rows';
import type { Finding } from './finding';
import { judgeAggregate } from './judge';
import { remedyOf } from './remedy';

const COMMITTED = '2026-01-01T00:00:00.000Z';
const minute = 60_000;
const policy = {
  now: Date.UTC(2026, 0, 1) + 60 * minute,
  graceMs: 5 * minute,
  since: 0,
  stack: { inbox_retention_days: 45 },
};
const head = headRow(2);
const published = [event(1, 'ParcelRegistered'), event(2, 'ParcelMoved')];
const done: ConsumerSubject[] = [
  consumer('labels', 'once', [effect(1, 'EFFECT#0000000001')], ['ParcelRegistered']),
  consumer('mails', 'in-order', [
    effect(1),
    effect(2),
    { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' },
  ]),
  consumer('view', 'latest', [{ ...effect(2, 'INBOX'), firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' }]),
];

describe('judgeAggregate', () => {
  it('finds nothing where every subscribed consumer did every event', () => {
    expect(judge([head, ...published], done)).toEqual([]);
  });

  it('finds an event lost that a subscribed consumer has not done', () => {
    const findings = judge(
      [head, ...published],
      [
        consumer('labels', 'once', [], ['ParcelRegistered']),
        consumer('mails', 'in-order', [
          effect(1),
          { sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' },
        ]),
      ],
    );
    expect(findings).toEqual([
      { kind: 'lost', consumer: 'labels', sequence: 1 },
      { kind: 'lost', consumer: 'mails', sequence: 2 },
    ]);
  });

  it('tells what a consumer still has in hand from what is lost', () => {
    const retrying = { ...pending(1), status: 'retrying', lastError: 'Error: carrier is down' };
    const claimed = { ...pending(2), status: 'claimed' };
    const consumers = [
      consumer('labels', 'once', [pendingRow(retrying, 'EFFECT#0000000001')], ['ParcelRegistered']),
      consumer('mails', 'in-order', [pendingRow(retrying)]),
      consumer('view', 'latest', [pendingRow(claimed)]),
    ];
    expect(judge([head, ...published], consumers)).toEqual([
      { kind: 'queued', consumer: 'labels', sequence: 1 },
      { kind: 'queued', consumer: 'mails', sequence: 1 },
      { kind: 'queued', consumer: 'view', sequence: 1 },
      { kind: 'queued', consumer: 'mails', sequence: 2 },
      { kind: 'queued', consumer: 'view', sequence: 2 },
    ]);
  });

  it('finds nothing of an erased event, but an in-order consumer that waits for it', () => {
    const erasedAt = '2026-01-01T00:30:00.000Z';
    const gaveUp = { ...event(2, 'ParcelMoved'), publishedAt: '', failedAt: erasedAt, failure: 'refused', erasedAt };
    const rows = [head, { ...event(1, 'ParcelRegistered'), erasedAt }, gaveUp];
    const others = [consumer('labels', 'once', []), consumer('view', 'latest', [])];
    expect(judge(rows, [...done, ...others])).toEqual([]);
    expect(judge(rows, [consumer('mails', 'in-order', [])])).toEqual([
      { kind: 'held', consumer: 'mails', sequence: 1 },
    ]);
    const retrying = { ...pending(1), status: 'retrying', lastError: 'Error: carrier is down' };
    expect(judge(rows, [consumer('mails', 'in-order', [pendingRow(retrying)])])).toEqual([
      { kind: 'queued', consumer: 'mails', sequence: 1 },
    ]);
  });

  it('does not take an event for queued that another one of its aggregate says nothing about', () => {
    const consumers = [
      consumer('labels', 'once', [pendingRow(pending(2), 'EFFECT#0000000002')]),
      consumer('mails', 'in-order', [pendingRow(pending(2))]),
      consumer('view', 'latest', [pendingRow(pending(1))]),
    ];
    expect(judge([head, ...published], consumers)).toEqual([
      { kind: 'lost', consumer: 'labels', sequence: 1 },
      { kind: 'lost', consumer: 'mails', sequence: 1 },
      { kind: 'queued', consumer: 'view', sequence: 1 },
      { kind: 'queued', consumer: 'labels', sequence: 2 },
      { kind: 'queued', consumer: 'mails', sequence: 2 },
      { kind: 'lost', consumer: 'view', sequence: 2 },
    ]);
  });

  it('says what is held by a dead letter, and names it', () => {
    const dead = { ...pending(1), status: 'dead-lettered', reason: 'attempts', lastError: 'Error: no such address' };
    const findings = findingsOf(
      [head, ...published],
      [
        consumer('labels', 'once', [pendingRow(dead, 'EFFECT#0000000001')], ['ParcelRegistered']),
        consumer('mails', 'in-order', [pendingRow(dead)]),
      ],
    );
    expect(findings.map(({ kind, sequence, detail }) => [kind, sequence, detail])).toEqual([
      ['held', 1, 'a dead letter (attempts): Error: no such address'],
      ['held', 1, 'a dead letter (attempts): Error: no such address'],
      ['held', 2, 'behind event 1, which is a dead letter (attempts): Error: no such address'],
    ]);
    // Retention took the events: the consumer's table still tells.
    const late = consumer('mails', 'in-order', [pendingRow(dead)]);
    expect(judge([head], [late])).toEqual([{ kind: 'held', consumer: 'mails', sequence: 2 }]);
  });

  it('gives an event its time to get through before it counts as lost', () => {
    const young = event(1, 'ParcelRegistered', { committedAt: new Date(policy.now - minute).toISOString() });
    expect(judge([headRow(1), young], [consumer('labels', 'once', [])])).toEqual([]);
  });

  it('finds an unpublished event late once it is due, and not before', () => {
    const due = (ms: number) => ({ dueAt: new Date(policy.now + ms).toISOString() });
    expect(judge([headRow(1), event(1, 'ParcelRegistered', due(-1))], [])).toEqual([{ kind: 'late', sequence: 1 }]);
    expect(judge([headRow(1), event(1, 'ParcelRegistered', due(0))], [])).toEqual([{ kind: 'late', sequence: 1 }]);
    expect(judge([headRow(1), event(1, 'ParcelRegistered', due(1))], [])).toEqual([]);
  });

  it('finds an event late for as long as the sweeper tries in vain, between its attempts too', () => {
    const backingOff = event(1, 'ParcelRegistered', {
      dueAt: new Date(policy.now + 60 * minute).toISOString(),
      attempts: 5,
    });
    expect(judge([headRow(1), backingOff], [])).toEqual([{ kind: 'late', sequence: 1 }]);
  });

  it('says why the bus did not take what is late, and what to do then', () => {
    const lastError = 'NotAuthorizedForDetailTypeException: not yours';
    const told = (row: Row) => findingsOf([headRow(1), event(1, 'ParcelRegistered', row)], []);
    // Put off: no attempt counts.
    const dueAt = new Date(policy.now + 5 * minute).toISOString();
    const [putOff] = told({ dueAt, lastError });
    const detail = `unpublished though the sweeper tried, due again at ${dueAt}: ${lastError}`;
    expect(putOff).toMatchObject({ kind: 'late', detail });
    expect(putOff && remedyOf(putOff)).toContain('once the reason is mended the sweeper publishes them');
    const [due] = told({ dueAt: new Date(policy.now).toISOString(), lastError, attempts: 3 });
    expect(due?.detail).toContain(`: ${lastError}`);
    const [unknown] = told({ dueAt: new Date(policy.now).toISOString(), attempts: 3 });
    expect(unknown && remedyOf(unknown)).toBe('the sweeper publishes them; at once: outboxctl sweep');
  });

  it('finds an event beyond the head of its aggregate, as a restore may leave it', () => {
    expect(judge([head, ...published, event(3, 'ParcelMoved')], done)).toEqual([{ kind: 'orphaned', sequence: 3 }]);
  });

  it('finds what the sweeper gave up', () => {
    const failed = event(1, 'ParcelRegistered', { failedAt: 'x', failure: 'too often' });
    expect(judge([headRow(1), failed], [])).toEqual([{ kind: 'failed', sequence: 1 }]);
  });

  it('finds two effects of one event, an effect out of order, and an effect nobody committed', () => {
    const twice = consumer('mails', 'in-order', [
      effect(1),
      { ...effect(2), appliedAt: '2026-01-01T00:00:00.500Z' },
      { ...effect(2, 'EFFECT#again'), appliedAt: '2026-01-01T00:00:02.000Z' },
      effect(3),
      { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' },
    ]);
    expect(judge([head, ...published], [twice])).toEqual([
      { kind: 'out-of-order', consumer: 'mails', sequence: 2 },
      { kind: 'duplicated', consumer: 'mails', sequence: 2 },
      { kind: 'orphaned', consumer: 'mails', sequence: 3 },
    ]);
  });

  it('finds an effect of another event under the same number, as a restore leaves it', () => {
    const other = consumer(
      'labels',
      'once',
      [{ ...effect(1, 'EFFECT#0000000001'), eventId: 'e-old' }],
      ['ParcelRegistered'],
    );
    expect(judge([head, ...published], [other])).toEqual([
      { kind: 'lost', consumer: 'labels', sequence: 1 },
      { kind: 'orphaned', consumer: 'labels', sequence: 1 },
    ]);
  });

  it('finds a number without an outbox item lost, unless retention took it', () => {
    const kept = event(1, 'ParcelRegistered');
    const last = event(3, 'ParcelMoved');
    const heads = [
      consumer('view', 'latest', [{ ...effect(3, 'INBOX'), firstVersion: 1, lastVersion: 3, lastEventId: 'e-3' }]),
    ];
    expect(judge([headRow(3), kept, last], heads)).toEqual([{ kind: 'lost', sequence: 2 }]);
    expect(judge([headRow(3), last], heads)).toEqual([]);
    expect(judge([headRow(3), { ...kept, expiresAt: 1 }, last], heads)).toEqual([]);
  });

  it('judges what is older than retention by the consumer’s head alone', () => {
    const behind = consumer('mails', 'in-order', [
      { sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' },
    ]);
    expect(judge([headRow(2)], [behind])).toEqual([{ kind: 'lost', consumer: 'mails', sequence: 2 }]);
  });

  it('takes a hole behind a given-up event, which never expires, for retention’s, and judges it by the head', () => {
    const rows = [headRow(3), event(2, 'ParcelMoved', { failedAt: 'x', failure: 'too often' })];
    expect(
      judge(rows, [
        consumer('view', 'latest', [{ ...effect(3, 'INBOX'), firstVersion: 1, lastVersion: 3, lastEventId: 'e-3' }]),
      ]),
    ).toEqual([{ kind: 'failed', sequence: 2 }]);
    expect(
      judge(rows, [
        consumer('mails', 'in-order', [{ sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' }]),
      ]),
    ).toEqual([
      { kind: 'failed', sequence: 2 },
      { kind: 'lost', consumer: 'mails', sequence: 3 },
    ]);
  });

  it('takes for done what a consumer noted as passed over, and that alone, also once retention took the event', () => {
    const rows = [headRow(3), ...published, event(3, 'ParcelMoved')];
    const note = (sequence: number) => ({
      sk: `SKIP#${sequence}`,
      from: sequence - 1,
      to: sequence,
      reason: 'unknown-type',
    });
    const inbox = { ...effect(1, 'INBOX'), firstVersion: 1, lastVersion: 1, lastEventId: 'e-1' };
    const view = consumer('view', 'latest', [inbox, note(3)]);
    const labels = consumer('labels', 'once', [effect(1), note(2), note(3)]);
    expect(judge(rows, [view, labels])).toEqual([{ kind: 'lost', consumer: 'view', sequence: 2 }]);
    expect(judge([headRow(3)], [view])).toEqual([]);
  });

  it('expects nothing of a consumer for what was committed before its start', () => {
    const [mails, late] = [consumer('mails', 'once', []), consumer('late', 'once', [])];
    const start = { from: 'now', at: new Date(Date.parse(COMMITTED) + 1).toISOString(), by: 'me' } as const;
    const beginning = { ...start, from: 'beginning' } as const;
    expect(
      judge(
        [head, ...published],
        [
          { ...mails, start: beginning },
          { ...late, start },
        ],
      ),
    ).toEqual([
      { kind: 'lost', consumer: 'mails', sequence: 1 },
      { kind: 'lost', consumer: 'mails', sequence: 2 },
    ]);
  });

  it('leaves alone what was committed before --since', () => {
    expect(
      judgeAggregate(
        { aggregate: 'parcel', id: 'p-1' },
        aggregateState([head, ...published]),
        [consumer('labels', 'once', [])],
        {
          ...policy,
          since: policy.now,
        },
      ),
    ).toEqual([]);
  });
});

function judge(rows: readonly Row[], consumers: readonly ConsumerSubject[]) {
  return findingsOf(rows, consumers).map(({ kind, sequence, consumer }) => ({
    kind,
    sequence,
    ...(consumer === undefined ? {} : { consumer }),
  }));
}

function findingsOf(rows: readonly Row[], consumers: readonly ConsumerSubject[]): Finding[] {
  return judgeAggregate({ aggregate: 'parcel', id: 'p-1' }, aggregateState(rows), consumers, policy);
}

/** What a consumer writes down of an event that it has begun. */
function pending(version: number) {
  const firstAttemptAt = COMMITTED;
  const about = { eventId: `e-${version}`, type: 'ParcelMoved', version };
  return { ...about, status: 'retrying', attempts: 3, firstAttemptAt, token: 't' };
}

function pendingRow(map: Row, sk = 'INBOX'): Row {
  return { pk: 'parcels#parcel#p-1', sk, pending: map };
}

function event(version: number, type: string, more: Row = {}): Row {
  const sk = `EVENT#${String(version).padStart(10, '0')}`;
  return {
    pk: 'parcel#p-1',
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
    pk: 'parcels#parcel#p-1',
    sk,
    version,
    eventId: `e-${version}`,
    type: version === 1 ? 'ParcelRegistered' : 'ParcelMoved',
    committedAt: COMMITTED,
    busAt: COMMITTED,
    queuedAt: COMMITTED,
    appliedAt: `2026-01-01T00:00:0${version}.000Z`,
    receives: 1,
    attempts: 1,
  };
}
