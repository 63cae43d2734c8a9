import type { FindingKind } from './finding';
import { judgeOutside, type OutsideBooking, type OutsideLog, type OutsideMessage } from './judge-outside';

const booking = (more: Partial<OutsideBooking> = {}): OutsideBooking => ({
  bookingId: 'b-1',
  key: 'k-1',
  reference: 'o-1',
  bookedAt: '2026-01-01T00:00:01.000Z',
  keyRememberedUntil: '2026-01-01T01:00:01.000Z',
  ...more,
});
const message = (messageId: string, key = messageId): OutsideMessage => ({
  messageId,
  key,
  to: 'c-1',
  text: '',
  sentAt: '2026-01-01T00:00:01.000Z',
});
const judge = (log: Partial<OutsideLog>) =>
  judgeOutside({ bookings: [], messages: [], refusals: [], conflicts: [], ...log }, new Set(['o-1', 'o-2']));

describe('judgeOutside', () => {
  it('finds nothing where each order has one booking and each key one mail', () => {
    const bookings = [booking(), booking({ bookingId: 'b-2', key: 'k-2', reference: 'o-2' })];
    const messages = [message('m-1'), message('m-2')];

    expect(judge({ bookings, messages })).toEqual([]);
  });

  it('finds nothing where a key is booked again that the carrier has forgotten', () => {
    const again = booking({ bookingId: 'b-2', bookedAt: '2026-01-01T01:00:01.000Z' });

    expect(judge({ bookings: [booking(), again] })).toEqual([]);
  });

  it.each<[string, FindingKind, string, Partial<OutsideLog>]>([
    [
      'an order that is booked under two keys',
      'duplicated',
      'o-1',
      { bookings: [booking(), booking({ bookingId: 'b-2', key: 'k-2' })] },
    ],
    [
      'a key that is booked twice while it is remembered',
      'duplicated',
      'o-1',
      { bookings: [booking(), booking({ bookingId: 'b-2', bookedAt: '2026-01-01T01:00:00.999Z' })] },
    ],
    ['a mail that goes out twice', 'duplicated', 'm-1', { messages: [message('1', 'm-1'), message('2', 'm-1')] }],
    ['a booking for no order', 'duplicated', 'o-9', { bookings: [booking({ reference: 'o-9' })] }],
    ['a refusal for no order', 'duplicated', 'o-9', { refusals: [{ key: 'k-1', reference: 'o-9' }] }],
    ['a key that is used for two things', 'lost', 'k-1', { conflicts: [{ partner: 'carrier', key: 'k-1' }] }],
  ])('finds %s', (_, kind, subject, more) => {
    expect(judge(more)).toEqual([expect.objectContaining({ kind, subject })]);
  });
});
