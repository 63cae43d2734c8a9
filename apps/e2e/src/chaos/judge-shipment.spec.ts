import type { CommittedEvent } from './committed-event';
import type { FindingKind } from './finding';
import { judgeShipment, type ShipmentFacts } from './judge-shipment';
import { committed, orderAt } from './testing/rows';

const event = (version: number, type: string, data: object): CommittedEvent => ({
  id: `s-${version}`,
  type,
  version,
  causationId: version === 1 ? 'e-1' : 'x',
  data: data as CommittedEvent['data'],
});
const booked = event(1, 'ShipmentBooked', { bookingId: 'b' });
const refused = event(1, 'ShipmentRefused', { reason: 'x' });
const requested = event(2, 'ShipmentCancellationRequested', { bookingId: 'b' });
const cancelled = event(3, 'ShipmentCancelled', { bookingId: 'b' });
const booking = { bookingId: 'b', key: 'k', reference: 'o', bookedAt: '1', keyRememberedUntil: '2' };
const refusal = { key: 'k', reference: 'o' };
const placed = committed({ version: 1 });
const step = (version: number, status: string, causationId?: string) =>
  committed({ version, causationId, data: orderAt(version, { status }) });

const confirmed: ShipmentFacts = {
  isShippable: true,
  order: [placed, step(2, 'CONFIRMED', 's-1')],
  shipment: [booked],
  bookings: [booking],
  refusals: [],
};
const unshippable: ShipmentFacts = {
  isShippable: false,
  order: [placed, step(2, 'CANCELLED', 's-1')],
  shipment: [refused],
  bookings: [],
  refusals: [refusal, refusal],
};
const withdrawn: ShipmentFacts = {
  isShippable: true,
  order: [placed, step(2, 'CONFIRMED', 's-1'), step(3, 'CANCELLED')],
  shipment: [booked, requested, cancelled],
  bookings: [{ ...booking, cancelledAt: '3' }],
  refusals: [],
};

describe('judgeShipment', () => {
  it.each<[string, ShipmentFacts]>([
    ['confirmed by its booking', confirmed],
    ['confirmed by its customer before', { ...confirmed, order: [placed, step(2, 'CONFIRMED')] }],
    ['refused', unshippable],
    ['cancelled by its customer before the refusal', { ...unshippable, order: [placed, step(2, 'CANCELLED')] }],
    ['cancelled after its booking', withdrawn],
    ['cancelled before its booking', { ...withdrawn, order: [placed, step(2, 'CANCELLED')] }],
  ])('finds nothing of an order that is %s', (_what, facts) => {
    expect(judgeShipment(facts)).toEqual([]);
  });

  it.each<[string, FindingKind, ShipmentFacts]>([
    ['an order without a shipment', 'lost', { ...confirmed, shipment: [] }],
    ['a shipment of another cause', 'lost', { ...confirmed, shipment: [{ ...booked, causationId: 'e-9' }] }],
    ['a shipment without a booking', 'lost', { ...confirmed, bookings: [] }],
    [
      'a booking that is in no event',
      'duplicated',
      { ...confirmed, bookings: [booking, { ...booking, bookingId: 'c' }] },
    ],
    ['an order that was never moved on', 'lost', { ...confirmed, order: [placed] }],
    [
      'a second step of the saga',
      'duplicated',
      { ...confirmed, order: [placed, step(2, 'CONFIRMED', 's-1'), step(3, 'CONFIRMED', 's-1')] },
    ],
    [
      'a step that the booking doesn’t explain',
      'duplicated',
      { ...confirmed, order: [placed, step(2, 'SHIPPED', 's-1')] },
    ],
    ['a step of another cause', 'duplicated', { ...confirmed, order: [placed, step(2, 'CONFIRMED', 'e-1')] }],
    ['a cancelled order that is still booked', 'lost', { ...withdrawn, bookings: [booking] }],
    [
      'a cancelled order whose booking nobody cancelled',
      'lost',
      { ...withdrawn, shipment: [booked], bookings: [booking] },
    ],
    [
      'an order that goes on without its booking',
      'lost',
      { ...confirmed, bookings: [{ ...booking, cancelledAt: '3' }] },
    ],
    [
      'a cancellation of another booking',
      'lost',
      { ...withdrawn, shipment: [booked, { ...requested, data: { bookingId: 'c' } }, cancelled] },
    ],
    ['what can’t be shipped, and is', 'lost', { ...confirmed, isShippable: false }],
    ['a refused order that goes on', 'lost', { ...unshippable, order: [placed, step(2, 'CONFIRMED')] }],
    ['a refusal that the carrier knows nothing of', 'lost', { ...unshippable, refusals: [] }],
    ['a refusal under two keys', 'duplicated', { ...unshippable, refusals: [refusal, { ...refusal, key: 'l' }] }],
    ['a refused order that is booked too', 'duplicated', { ...unshippable, bookings: [booking] }],
    ['a booked order that is refused too', 'duplicated', { ...confirmed, refusals: [refusal] }],
  ])('finds %s', (_what, kind, facts) => {
    expect(new Set(judgeShipment(facts).map((finding) => finding.kind))).toEqual(new Set([kind]));
  });
});
