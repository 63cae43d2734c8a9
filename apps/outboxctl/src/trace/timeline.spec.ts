import { styleFor } from '@outbox/cli-kit';
import { aggregateState, consumerSubject as consumer, headRow, type Row } from '../testing/rows';
import { renderTrace } from './render';
import { buildTrace } from './timeline';

const about = { aggregate: 'parcel', id: 'p-1' };
const head = headRow(2);
const created = outboxItem(1, 'ParcelRegistered', 'e-1');
const updated = outboxItem(2, 'ParcelMoved', 'e-2');
const hops = {
  relayedAt: at(40),
  busAt: '2026-01-01T00:00:00Z',
  queuedAt: at(60),
  appliedAt: at(90),
  receives: 1,
  attempts: 1,
};

describe('buildTrace', () => {
  it('joins an event with every consumer’s record of it', () => {
    const trace = buildTrace(about, aggregateState([head, created]), [
      consumer('labels', 'once', [{ sk: 'EFFECT#0000000001', ...applied(1) }], ['ParcelRegistered']),
    ]);

    expect(trace.complete).toBe(true);
    expect(trace.events[0]).toMatchObject({
      sequence: 1,
      relayedAt: at(40),
      consumers: [{ consumer: 'labels', state: 'done', queuedAt: at(60), appliedAt: at(90), receives: 1 }],
    });
  });

  it('names the trace of an event whose content is there', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const event = {
      specversion: '1.0',
      id: 'e-1',
      source: 'parcels',
      type: 'ParcelRegistered',
      aggregatetype: 'parcel',
      subject: 'p-1',
      time: at(0),
      datacontenttype: 'application/json',
      dataschema: 'urn:x',
      sequence: '1',
      partitionkey: 'parcel#p-1',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    };
    const detail = JSON.stringify({ ...event, data: {} });
    const traced = buildTrace(about, aggregateState([head, { ...created, detail }, updated]), []);
    expect(traced.events.map((event) => event.traceId)).toEqual([traceId, undefined]);
    expect(renderTrace(traced, styleFor({}, {})).match(/trace .*/g)).toEqual([`trace           ${traceId}`]);
  });

  it('expects nothing of a consumer that does not subscribe to the type', () => {
    const trace = buildTrace(about, aggregateState([head, updated]), [
      consumer('labels', 'once', [], ['ParcelRegistered']),
    ]);

    expect(trace.events[0]?.consumers[0]?.state).toBe('not-subscribed');
    expect(trace.complete).toBe(true);
  });

  it('counts an older event as superseded for a latest consumer, as pending for an in-order one', () => {
    const inbox = { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2', ...applied(2) };
    const trace = buildTrace(about, aggregateState([head, created, updated]), [
      consumer('view', 'latest', [inbox]),
      consumer('notifications', 'in-order', []),
    ]);

    expect(trace.events.map((event) => event.consumers.map((hop) => hop.state))).toEqual([
      ['superseded', 'pending'],
      ['done', 'pending'],
    ]);
    expect(trace.complete).toBe(false);
  });

  it('waits for no consumer that leaves an event aside', () => {
    const joined = { sk: 'INBOX', firstVersion: 3, lastVersion: 2, lastEventId: 'e-2', joinedAt: 'then' };
    const note = { sk: 'SKIP#0000000002', from: 1, to: 2, reason: 'unknown-type' };
    const trace = buildTrace(about, aggregateState([head, created, updated]), [
      consumer('late', 'in-order', [joined]),
      consumer('labels', 'once', [{ sk: 'EFFECT#0000000001', ...applied(1) }, note]),
    ]);
    expect(trace.events.map((event) => event.consumers.map((hop) => hop.state))).toEqual([
      ['skipped', 'done'],
      ['skipped', 'skipped'],
    ]);
    expect(trace.complete).toBe(true);
    expect(renderTrace(trace, styleFor({ isTTY: false }, {}))).toContain('not its: before its start');
  });

  it('says what was begun of an event and not completed', () => {
    const pending = {
      ...{ eventId: 'e-1', version: 1, type: 'ParcelRegistered', status: 'retrying', attempts: 3, token: 't' },
      ...{ firstAttemptAt: at(80), lastError: 'HTTP 503' },
    };
    const subject = consumer('labels', 'once', [{ pk: 'parcels#parcel#p-1', sk: 'EFFECT#0000000001', pending }]);
    const trace = buildTrace(about, aggregateState([head, created]), [subject]);
    expect(trace.events[0]?.consumers[0]).toMatchObject({
      state: 'pending',
      begun: { status: 'retrying', attempts: 3, firstAttemptAt: at(80), lastError: 'HTTP 503' },
    });
    expect(renderTrace(trace, styleFor({}, {}))).toContain('pending (once), retrying, attempt 3: HTTP 503');
  });

  it('is not complete while there is no event at all', () => {
    expect(buildTrace(about, aggregateState([head]), []).complete).toBe(false);
  });
});

describe('renderTrace', () => {
  it('prints one line per hop with times since the commit, without colour when not on a terminal', () => {
    const rows = [{ sk: 'EFFECT#0000000001', ...applied(1) }];
    const notifications = consumer('notifications', 'in-order', rows);
    const trace = buildTrace(about, aggregateState([head, created, updated]), [notifications]);

    const rendered = renderTrace(trace, styleFor({ isTTY: false }, {}));
    expect(rendered).toMatch(/^parcel\/p-1 {2}2 events\n/);
    expect(rendered).toContain('  notifications   queued +60 ms, done +90 ms (in-order)');
  });

  it('says how many events the outbox no longer has', () => {
    const rendered = (rows: readonly Row[]) =>
      renderTrace(buildTrace(about, aggregateState(rows), []), styleFor({}, {})).split('\n')[0];
    expect(rendered([head, updated])).toBe('parcel/p-1  2 events, 1 of them no longer in the outbox');
    expect(rendered([head])).toBe('parcel/p-1  2 events, all of them no longer in the outbox');
    expect(rendered([headRow(1)])).toBe('parcel/p-1  1 event, no longer in the outbox');
  });
});

function at(ms: number): string {
  return new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
}

function outboxItem(version: number, type: string, id: string): Row {
  const sk = `EVENT#${String(version).padStart(10, '0')}`;
  return { pk: 'parcel#p-1', sk, entity: 'OutboxEvent', id, type, committedAt: at(0), attempts: 0 };
}

/** The record of an event, as a consumer writes it beside its effect. */
function applied(version: number): Row {
  const type = version === 1 ? 'ParcelRegistered' : 'ParcelMoved';
  return { eventId: `e-${version}`, version, type, committedAt: at(0), ...hops };
}
