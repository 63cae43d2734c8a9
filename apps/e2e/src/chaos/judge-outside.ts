import type { Finding } from './finding';

/** What the partners say they did, oldest first; times ISO 8601. */
export interface OutsideLog {
  readonly bookings: readonly OutsideBooking[];
  readonly messages: readonly OutsideMessage[];
  readonly refusals: readonly OutsideRefusal[];
  /** Keys that came again with another body. */
  readonly conflicts: readonly { readonly partner: string; readonly key: string }[];
}

export interface OutsideBooking {
  readonly bookingId: string;
  readonly key: string;
  /** What it was booked for: an order. */
  readonly reference: string;
  readonly bookedAt: string;
  readonly cancelledAt?: string;
  readonly keyRememberedUntil: string;
}

export interface OutsideMessage {
  readonly messageId: string;
  readonly key: string;
  /** A customer. */
  readonly to: string;
  readonly text: string;
  readonly sentAt: string;
}

export interface OutsideRefusal {
  readonly key: string;
  /** What should have been booked: an order. */
  readonly reference: string;
}

/**
 * What consumers had done outside. Pure. The outside sees one key for each event: an order has one booking, under one key;
 * a key stands for one request, and is not booked twice while the carrier remembers it; no mail goes out twice. Nothing is
 * booked or refused for what is none of the orders.
 */
export function judgeOutside(log: OutsideLog, orders: ReadonlySet<string>): Finding[] {
  const { bookings, messages, refusals, conflicts } = log;
  return [
    ...[...bookings, ...refusals]
      .filter(({ reference }) => !orders.has(reference))
      .map(({ reference }) => found('duplicated', reference, 'carrier: asked to book what no client was told of')),
    ...grouped(bookings, ({ reference }) => reference).flatMap(severalKeys),
    ...grouped(bookings, ({ key }) => key).flatMap(bookedAgain),
    ...grouped(messages, ({ key }) => key).flatMap(sentAgain),
    ...conflicts.map(({ partner, key }) =>
      found('lost', key, `${partner}: asked for something else under a key that was used, and did not do it`),
    ),
  ];
}

function severalKeys(bookings: readonly OutsideBooking[]): Finding[] {
  const keys = [...new Set(bookings.map(({ key }) => key))];
  const [first] = bookings;
  if (first === undefined || keys.length === 1) return [];
  return [found('duplicated', first.reference, `carrier: booked under ${keys.length} keys: ${keys.join(', ')}`)];
}

function bookedAgain(bookings: readonly OutsideBooking[]): Finding[] {
  return bookings.flatMap(({ reference, key, bookingId, bookedAt }, index) => {
    const before = bookings[index - 1];
    if (before === undefined || bookedAt >= before.keyRememberedUntil) return [];
    return [found('duplicated', reference, `carrier: ${before.bookingId} and ${bookingId} under one key, ${key}`)];
  });
}

function sentAgain(messages: readonly OutsideMessage[]): Finding[] {
  return messages
    .slice(1)
    .map(({ key, messageId }) => found('duplicated', key, `mail: ${messageId} is a message too many under this key`));
}

function found(kind: Finding['kind'], subject: string, detail: string): Finding {
  return { kind, subject, detail };
}

function grouped<T>(items: readonly T[], by: (item: T) => string): readonly (readonly T[])[] {
  return [...Map.groupBy(items, by).values()];
}
