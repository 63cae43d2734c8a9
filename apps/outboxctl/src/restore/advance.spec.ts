import { aggregateState, consumerSubject, headRow, type Row } from '../testing/rows';
import { advanceOf } from './advance';

const expired = { publishedAt: 'x', expiresAt: 1 };
const event = (sequence: number, more: Row = {}): Row => ({
  pk: 'parcel#p-1',
  sk: `EVENT#${String(sequence).padStart(10, '0')}`,
  entity: 'OutboxEvent',
  id: `e-${sequence}`,
  type: 'ParcelMoved',
  committedAt: 'then',
  attempts: 0,
  ...more,
});
const note = (from: number, to: number): Row => ({
  ...{ pk: 'parcel#p-1', sk: 'PASSED#then', entity: 'OutboxPassedOver', from, to },
  ...{ reason: 'restored', by: 'me', at: 'then' },
});
const mails = (lastVersion: number) =>
  consumerSubject('mails', 'in-order', [{ sk: 'INBOX', firstVersion: 1, lastVersion, lastEventId: 'e' }]);

describe('what a restore left behind', () => {
  it.each([
    ['a head that is ahead of every consumer', [headRow(2), event(1), event(2)], 1],
    ['a head as far as its consumer', [headRow(2), event(1), event(2)], 2],
    ['what retention took', [headRow(3), event(3, expired)], 3],
    ['numbers that are noted already', [headRow(5), event(1), event(2), note(2, 5)], 5],
  ])('is nothing in %s', (_what, rows: Row[], seen) => {
    expect(advanceOf(aggregateState(rows), [mails(seen)])).toBeUndefined();
  });

  it('is a head before what a consumer knows', () => {
    expect(advanceOf(aggregateState([headRow(2), event(1), event(2)]), [mails(4)])).toEqual({
      ...{ from: 2, to: 4, knownBy: 'mails', gone: [3, 4], passedFrom: 2 },
    });
  });

  it('is an aggregate without a head, though a consumer knows it', () => {
    expect(advanceOf(aggregateState([]), [mails(2)])).toMatchObject({ from: 0, to: 2, gone: [1, 2] });
  });

  it('is an event beyond its head, as half of a restored transaction is', () => {
    expect(advanceOf(aggregateState([headRow(1), event(1), event(2)]), [mails(1)])).toEqual({
      ...{ from: 1, to: 2, knownBy: 'outbox', gone: [], passedFrom: 1 },
    });
  });

  it('is a head whose event is not there, as the other half is', () => {
    expect(advanceOf(aggregateState([headRow(3), event(1), event(3)]), [mails(1)])).toEqual({
      ...{ from: 3, to: 3, knownBy: 'outbox', gone: [2], passedFrom: 1 },
    });
  });

  it('is what a consumer has only begun, too', () => {
    const pending = { eventId: 'e-3', type: 'ParcelMoved', version: 3, status: 'retrying', attempts: 1, token: 't' };
    const row = { sk: 'EFFECT#0000000003', pending: { ...pending, firstAttemptAt: '2026-01-01T00:00:00.000Z' } };
    const labels = consumerSubject('labels', 'once', [row]);
    expect(advanceOf(aggregateState([headRow(2), event(1), event(2)]), [labels])).toMatchObject({ to: 3, gone: [3] });
  });
});
