import type { CommittedEvent } from './committed-event';
import type { Finding } from './finding';
import type { OutsideBooking, OutsideRefusal } from './judge-outside';

type Problem = Pick<Finding, 'kind' | 'detail'>;

/** All that is known of the shipment of one order, once all is quiet. */
export interface ShipmentFacts {
  readonly isShippable: boolean;
  readonly order: readonly CommittedEvent[];
  readonly shipment: readonly CommittedEvent[];
  /** What the carrier did for the order. */
  readonly bookings: readonly OutsideBooking[];
  readonly refusals: readonly OutsideRefusal[];
}

/**
 * The saga of one order: no booking outside without its event, and no event without its booking; the order went where its
 * shipment sent it; an order that ends as CANCELLED has no booking left. Pure.
 */
export function judgeShipment(facts: ShipmentFacts): Problem[] {
  const [first] = facts.shipment;
  if (first === undefined) return [lost('the shipment has no event')];
  const cause = facts.order[0];
  return [
    ...(first.causationId === cause?.id ? [] : [lost(`${first.type} has another cause than ${cause?.id}`)]),
    ...judgeOutcome(first, facts),
    ...judgeCarrier(first, facts),
    ...judgeMoves(first, facts),
  ];
}

/** What the shipment's events must be, by the carrier's terms and how the order ended. */
function judgeOutcome(first: CommittedEvent, { isShippable, order, shipment }: ShipmentFacts): Problem[] {
  const ended = String(order.at(-1)?.data['status']);
  const expected = !isShippable
    ? ['ShipmentRefused']
    : ended === 'CANCELLED'
      ? ['ShipmentBooked', 'ShipmentCancellationRequested', 'ShipmentCancelled']
      : ['ShipmentBooked'];
  const types = shipment.map(({ type }) => type);
  const bookingIds = new Set(shipment.map(({ data }) => data['bookingId']));
  return [
    ...(types.join() === expected.join()
      ? []
      : [lost(`the order ended ${ended}, its shipment's events are ${types.join(', ')}, not ${expected.join(', ')}`)]),
    ...(bookingIds.size === 1
      ? []
      : [lost(`its shipment's events name several bookings: ${[...bookingIds].join(', ')}`)]),
    ...(isShippable ? [] : ended === 'CANCELLED' ? [] : [lost(`${first.type}, and the order is ${ended}`)]),
    ...(isShippable && ended === 'PLACED' ? [lost(`${first.type}, and the order is still PLACED`)] : []),
  ];
}

function judgeCarrier(first: CommittedEvent, { order, bookings, refusals }: ShipmentFacts): Problem[] {
  const isBooked = first.type === 'ShipmentBooked';
  const its = bookings.filter(({ bookingId }) => isBooked && bookingId === first.data['bookingId']);
  const others = bookings.filter((booking) => !its.includes(booking));
  const isCancelled = order.at(-1)?.data['status'] === 'CANCELLED';
  const keys = new Set(refusals.map(({ key }) => key));
  return [
    ...(isBooked && its.length === 0 ? [lost(`carrier: no booking ${String(first.data['bookingId'])}`)] : []),
    ...(!isBooked && refusals.length === 0 ? [lost('carrier: it refused nothing')] : []),
    ...others.map(({ bookingId }) => surplus(`carrier: ${bookingId} is in no event`)),
    ...(isBooked && refusals.length > 0 ? [surplus('carrier: it was booked and refused')] : []),
    ...(keys.size > 1 ? [surplus(`carrier: refused under ${keys.size} keys`)] : []),
    ...its.flatMap(({ bookingId, cancelledAt }) => {
      if (isCancelled === (cancelledAt !== undefined)) return [];
      const what = isCancelled ? 'is still booked, the order is cancelled' : 'is cancelled, the order is not';
      return [lost(`carrier: ${bookingId} ${what}`)];
    }),
  ];
}

/** What the saga did to the order: one step at the most, by the shipment's first event. */
function judgeMoves(first: CommittedEvent, { order }: ShipmentFacts): Problem[] {
  const moves = order.filter(({ causationId }) => causationId !== undefined);
  const goal = first.type === 'ShipmentBooked' ? 'CONFIRMED' : 'CANCELLED';
  return [
    ...moves.slice(1).map(({ version }) => surplus(`version ${version} is a second step that the shipment caused`)),
    ...moves
      .filter(({ causationId, data }) => causationId !== first.id || data['status'] !== goal)
      .map(({ version, data, causationId }) =>
        surplus(`version ${version} is ${String(data['status'])} because of ${causationId}, not of ${first.type}`),
      ),
  ];
}

function lost(detail: string): Problem {
  return { kind: 'lost', detail };
}

function surplus(detail: string): Problem {
  return { kind: 'duplicated', detail };
}
