import type { FindingKind } from './finding';
import { judgeOutside, type OutsideBooking, type OutsideLog } from './judge-outside';

const booking = (more: Partial<OutsideBooking> = {}): OutsideBooking => ({
  bookingId: 'b-1',
  key: 'k-1',
  reference: 'o-1',
  bookedAt: '2026-01-01T00:00:01.000Z',
  keyRememberedUntil: '2026-01-01T01:00:01.000Z',
  ...more,
});
const log = (more: Partial<OutsideLog>): OutsideLog => ({ bookings: [], messages: [], conflicts: [], ...more });

describe('judgeOutside', () => {
  it('finds nothing where each order has one booking and each key one mail', () => {
    const bookings = [booking(), booking({ bookingId: 'b-2', key: 'k-2', reference: 'o-2' })];
    const messages = ['m-1', 'm-2'].map((key) => ({ messageId: key, key }));

    expect(judgeOutside(log({ bookings, messages }))).toEqual([]);
  });

  it('finds nothing where a key is booked again that the carrier has forgotten', () => {
    const again = booking({ bookingId: 'b-2', bookedAt: '2026-01-01T01:00:01.000Z' });

    expect(judgeOutside(log({ bookings: [booking(), again] }))).toEqual([]);
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
    [
      'a mail that goes out twice',
      'duplicated',
      'm-1',
      {
        messages: [
          { messageId: '1', key: 'm-1' },
          { messageId: '2', key: 'm-1' },
        ],
      },
    ],
    ['a key that is used for two things', 'lost', 'k-1', { conflicts: [{ partner: 'carrier', key: 'k-1' }] }],
  ])('finds %s', (_, kind, subject, more) => {
    expect(judgeOutside(log(more))).toEqual([expect.objectContaining({ kind, subject })]);
  });
});
