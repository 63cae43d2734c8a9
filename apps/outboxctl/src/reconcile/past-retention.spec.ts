import type { ConsumerSubject } from '../tables';
import { aggregateState, consumerSubject, headRow, type Row } from '../testing/rows';
import { judgeAggregate } from './judge';
import { remedyOf } from './remedy';
import { renderFinding } from './render';

const DAY = 86_400_000;
const BEGAN = Date.UTC(2026, 0, 1);
const iso = (days: number): string => new Date(BEGAN + days * DAY).toISOString();

describe('what a once consumer missed, once retention took the event', () => {
  it('is lost for as long as the consumer surely remembers what it has done', () => {
    const labels = consumerSubject('labels', 'once', [record(1)]);
    expect(judge([labels], 10)).toEqual([['lost', 'labels', 2, undefined]]);
    expect(judge([labels], 44)).toHaveLength(1);
    expect(judge([labels], 45)).toEqual([]);
    // A record says that what follows it was committed later.
    expect(judge([consumerSubject('labels', 'once', [record(1, iso(3))])], 45)).toHaveLength(1);
  });

  it('is told from what it passed over, or was there before it', () => {
    const note = { sk: 'SKIP#2', from: 1, to: 2, reason: 'unknown-type' };
    expect(judge([consumerSubject('labels', 'once', [record(1), note])], 10)).toEqual([]);
    const joined = { ...consumerSubject('labels', 'once', []), start: { from: 'now', at: iso(1), by: 'me' } as const };
    expect(judge([joined], 10)).toEqual([]);
  });

  it('is of a type that another consumer knows, where the consumer listens to some alone', () => {
    const picky = consumerSubject('labels', 'once', [], ['ParcelMoved']);
    expect(judge([picky], 10)).toEqual([]);
    const other = consumerSubject('stamps', 'once', [record(1), record(2)]);
    expect(judge([picky, other], 10)).toEqual([['lost', 'labels', 2, 'ParcelMoved']]);
  });

  it('isn’t looked for where the content was erased, nobody knows when it was, or how long consumers remember', () => {
    const erased = consumerSubject('labels', 'once', [{ ...record(1), erasedAt: iso(2) }]);
    expect(judge([erased], 10)).toEqual([]);
    const labels = consumerSubject('labels', 'once', []);
    expect(judge([labels], 10, { head: headRow(2) })).toEqual([]);
    expect(judge([labels], 10, { days: undefined })).toEqual([]);
    expect(judge([labels], 10, { since: BEGAN })).toEqual([]);
  });

  it('comes from the archive, and is told with its time: the outbox has nothing left to publish', () => {
    const [finding] = findings([consumerSubject('labels', 'once', [record(1)])], 10);
    expect(finding && renderFinding(finding)).toBe(
      `lost: parcel/p-1 event 2 at labels: past retention, and labels remembers nothing of it (committed at ${iso(0)} or later)`,
    );
    expect(finding && remedyOf(finding)).toBe(
      'from the archive: outboxctl replay --from TIME --to TIME --consumer labels',
    );
  });
});

describe('what a once consumer has begun, once retention took the event', () => {
  const archive = 'outboxctl replay --from TIME --to TIME --consumer labels';
  const begun = (status: string, more: Row = {}) => {
    const pending = { eventId: 'e-2', type: 'ParcelMoved', version: 2, status, attempts: 3, token: 't', ...more };
    const firstAttemptAt = iso(1);
    return consumerSubject('labels', 'once', [
      record(1),
      { sk: 'EFFECT#0000000002', pending: { ...pending, firstAttemptAt } },
    ]);
  };

  it('is held where it set the event aside, whose letter or copy in the archive brings it back', () => {
    const dead = begun('dead-lettered', { reason: 'attempts', lastError: 'Error: 503' });
    const about = { aggregate: 'parcel', id: 'p-1', sequence: 2, eventId: 'e-2', type: 'ParcelMoved' };
    const [finding, ...others] = findings([dead], 10);
    expect(finding).toEqual({
      ...{ kind: 'held', ...about, consumer: 'labels', setAside: true },
      detail: `past retention, first tried at ${iso(1)}: a dead letter (attempts): Error: 503`,
    });
    expect(others).toEqual([]);
    expect(finding && remedyOf(finding)).toBe(
      `outboxctl dlq show labels; once the reason is mended: outboxctl dlq redrive labels, and for what that no longer has: ${archive}`,
    );
  });

  it('is queued where it is still tried; if no message is left, the archive brings it back', () => {
    const [finding] = findings([begun('retrying', { lastError: 'Error: 503' })], 10);
    expect(finding).toMatchObject({
      kind: 'queued',
      detail: `past retention, first tried at ${iso(1)}: begun, attempt 3: Error: 503`,
    });
    expect(finding && remedyOf(finding)).toBe(
      `outboxctl lag shows whether it gets less; if nothing waits there: ${archive}`,
    );
  });

  it('is told for as long as the consumer remembers, and not with --since', () => {
    expect(findings([begun('dead-lettered')], 45)).toHaveLength(1);
    expect(findings([begun('dead-lettered')], 46)).toEqual([]);
    expect(findings([begun('dead-lettered')], 10, { since: BEGAN })).toEqual([]);
  });
});

interface Situation {
  readonly head?: Row;
  readonly days?: number | undefined;
  readonly since?: number;
}

/** Of a parcel whose two events are gone, so many days after the first. */
function findings(consumers: readonly ConsumerSubject[], days: number, situation: Situation = {}) {
  const { head = { ...headRow(2), beganAt: iso(0) }, since = 0 } = situation;
  const stack = { inbox_retention_days: 'days' in situation ? situation.days : 45 };
  const policy = { now: BEGAN + days * DAY, graceMs: 0, since, stack };
  return judgeAggregate({ aggregate: 'parcel', id: 'p-1' }, aggregateState([head]), consumers, policy);
}

function judge(...about: Parameters<typeof findings>) {
  return findings(...about).map(({ kind, consumer, sequence, type }) => [kind, consumer, sequence, type]);
}

function record(version: number, committedAt = iso(0)): Row {
  return {
    sk: `EFFECT#000000000${version}`,
    version,
    eventId: `e-${version}`,
    type: version === 1 ? 'ParcelRegistered' : 'ParcelMoved',
    committedAt,
    busAt: committedAt,
    queuedAt: committedAt,
    appliedAt: committedAt,
    receives: 1,
    attempts: 1,
  };
}
