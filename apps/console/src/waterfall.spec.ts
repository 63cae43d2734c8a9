import type { ConsumerHopView, EventView, SpanView } from '@outbox/console-api';
import { rowsOf } from './waterfall';

const T0 = Date.UTC(2026, 0, 1);
const at = (ms: number): string => new Date(T0 + ms).toISOString();
const event = (
  sequence: number,
  committedMs: number,
  consumers: ConsumerHopView[] = [],
  more: Partial<EventView> = {},
): EventView => ({
  sequence,
  id: `e-${sequence}-${committedMs}`,
  type: 'ParcelMoved',
  committedAt: at(committedMs),
  attempts: 0,
  consumers,
  ...more,
});
const hop = (more: Partial<ConsumerHopView>): ConsumerHopView => ({
  consumer: 'mails',
  policy: 'in-order',
  state: 'done',
  ...more,
});
const traceOf = (...events: EventView[]) => ({
  id: 'p-1',
  parts: [{ aggregate: 'parcel', lastSequence: 9, complete: false, events }],
});
const rowOf = (consumer: Partial<ConsumerHopView>) =>
  rowsOf(traceOf(event(1, 0, [hop(consumer)])), T0 + 1_000)[0]?.rows[1];

describe('the rows of a trace', () => {
  it('are those of every aggregate, by time', () => {
    const parts = [
      { aggregate: 'parcel', lastSequence: 2, complete: true, events: [event(1, 0), event(2, 500)] },
      { aggregate: 'invoice', lastSequence: 1, complete: true, events: [event(1, 200)] },
    ];
    expect(
      rowsOf({ id: 'p-1', parts }, T0).map(({ aggregate, event: { sequence } }) => `${aggregate} ${sequence}`),
    ).toEqual(['parcel 1', 'invoice 1', 'parcel 2']);
  });

  it('part a consumer’s time into queue, work and calls where it tells them', () => {
    const consumers = [hop({ consumer: 'mails', queuedAt: at(50), appliedAt: at(400) }), hop({ consumer: 'labels' })];
    const one = event(1, 0, consumers);
    const span = (name: string, from: number, to: number, more: Partial<SpanView> = {}): SpanView => ({
      name,
      service: 'mails',
      eventId: one.id,
      from: T0 + from,
      to: T0 + to,
      ...more,
    });
    const spans = [
      span('call', 120, 180, { attempt: 2, error: 'HTTP 503' }),
      span('process ParcelMoved', 100, 200, { outcome: 'retry', error: 'HTTP 503' }),
      span('queue wait', 50, 100),
      span('complete', 190, 200),
      span('call', 320, 380, { attempt: 3 }),
      span('process ParcelMoved', 300, 400, { outcome: 'apply' }),
      span('call', 1, 2, { eventId: 'another' }),
    ];
    const [, mails, labels] = rowsOf({ ...traceOf(one), spans }, T0 + 1_000)[0]?.rows ?? [];
    expect(mails?.bars.map(({ kind, from, to, title }) => [kind, from - T0, to - T0, title])).toEqual([
      ['way', 0, 50, 'on the way to its queue'],
      ['queued', 50, 100, 'in its queue'],
      ['work', 100, 200, 'at work, retry: HTTP 503'],
      ['work', 300, 400, 'at work, apply'],
      ['call', 320, 380, 'call, attempt 3'],
      ['dead', 120, 180, 'call, attempt 2: HTTP 503'],
    ]);
    expect(labels?.bars).toEqual([]);
  });

  it('name the event that one follows from', () => {
    const first = event(1, 0);
    const caused = event(2, 500, [], { detail: { causationid: first.id } });
    const foreign = event(3, 900, [], { detail: { causationid: 'elsewhere' } });
    expect(rowsOf(traceOf(first, caused, foreign), T0).map(({ cause }) => cause)).toEqual([
      undefined,
      'ParcelMoved event 1',
      undefined,
    ]);
  });

  it('tell the way to a consumer from its queue and work', () => {
    const row = rowOf({ queuedAt: at(60), appliedAt: at(90), receives: 3, attempts: 2 });
    expect(row?.bars.map(({ kind, from, to }) => [kind, from - T0, to - T0])).toEqual([
      ['way', 0, 60],
      ['work', 60, 90],
    ]);
    expect(row).toMatchObject({ outcome: 'done, at attempt 2, received 3 times', condition: 'running' });
  });

  it('say what a consumer has begun, how often, and why it failed', () => {
    const begun = { status: 'retrying' as const, attempts: 3, firstAttemptAt: at(100), lastError: '503' };
    expect(rowOf({ state: 'pending', begun })).toMatchObject({
      outcome: 'retrying, attempt 3: 503',
      condition: 'behind',
    });
    const dead = { ...begun, status: 'dead-lettered' as const, reason: 'gap' };
    expect(rowOf({ state: 'pending', begun: dead })).toMatchObject({
      outcome: 'dead letter (gap), attempt 3: 503',
      condition: 'failing',
    });
    expect(rowOf({ state: 'pending' })).toMatchObject({ outcome: 'not begun', condition: 'waiting' });
  });

  it('leave out who does not listen, and say so', () => {
    const [rows] = rowsOf(traceOf(event(1, 0, [hop({ state: 'not-subscribed' })])), T0);
    expect(rows?.rows).toHaveLength(1);
    expect(rows?.notFor).toEqual(['mails']);
  });

  it('show an event that is not on the bus as open until now, and one that was given up with its reason', () => {
    const [open] = rowsOf(traceOf(event(1, 0)), T0 + 5_000);
    expect(open?.rows[0]).toMatchObject({ outcome: 'not published', condition: 'waiting' });
    expect(open?.rows[0]?.bars.at(-1)).toMatchObject({ kind: 'open', to: T0 + 5_000 });
    const [failed] = rowsOf(traceOf(event(1, 0, [], { failure: 'published 10 times' })), T0 + 5_000);
    expect(failed?.rows[0]).toMatchObject({ outcome: 'published 10 times', condition: 'failing' });
  });
});
