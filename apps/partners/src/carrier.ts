import { isDeepStrictEqual } from 'node:util';
import type { Books } from './books';
import type { BookingRequest, Parcel, Traced } from './entry';
import { BadRequestError, readObject, readText, readWholeNumber } from './fields';
import type { Booking } from './records';
import { idempotencyKey, keyConflict, lastSegment, readJson, tracedBy, type Answer, type Route } from './route';

const MAX_PARCELS = 1_000;
const UNSHIPPABLE = 'unshippable';

/** The carrier: books a shipment, finds it by its key, cancels it. */
export function carrierRoutes(books: Books): readonly Route[] {
  const partner = 'carrier';
  const path = '/carrier/bookings';
  return [
    {
      method: 'POST',
      path,
      faulty: { partner, operation: 'book' },
      key: idempotencyKey,
      run: (call, key) => book(books, key, readBooking(readJson(call)), tracedBy(call)),
    },
    {
      method: 'GET',
      path,
      faulty: { partner, operation: 'find' },
      key: ({ query }) => readText(query.get('key'), 'key'),
      run: (_, key) => {
        // By whatever key it was booked under, however long ago: what is forgotten is only that the key was used.
        const booking = books.records.lastBooking(key);
        return booking === undefined
          ? notFound(`no booking under the key ${key}`)
          : { status: 200, body: shown(booking) };
      },
    },
    {
      method: 'DELETE',
      path: `${path}/*`,
      faulty: { partner, operation: 'cancel' },
      key: lastSegment,
      run: (_, bookingId) => cancel(books, bookingId),
    },
  ];
}

function book(books: Books, key: string, request: BookingRequest, traced: Traced): Answer {
  const before = books.records.lastBooking(key);
  if (before !== undefined && before.keyRememberedUntil > books.now) {
    const { bookingId, reference, parcels } = before;
    if (isDeepStrictEqual(request, { reference, parcels })) return { status: 200, body: { bookingId } };
    books.add({ type: 'conflicted', partner: 'carrier', key });
    return keyConflict(key);
  }
  const index = request.parcels.findIndex(({ sku }) => sku.startsWith(UNSHIPPABLE));
  if (index >= 0) {
    const reason = `${request.parcels[index]?.sku} can't be carried`;
    books.add({ type: 'refused', key, reference: request.reference, reason });
    return { status: 422, body: { reason, field: `parcels[${index}].sku` } };
  }
  const bookingId = `booking-${books.ids.next()}`;
  const keyRememberedUntil = books.after(books.records.settings.keyMemoryMs);
  books.add({ type: 'booked', bookingId, key, keyRememberedUntil, ...traced, ...request });
  return { status: 201, body: { bookingId } };
}

function cancel(books: Books, bookingId: string): Answer {
  const booking = books.records.booking(bookingId);
  if (booking === undefined) return notFound(`no booking ${bookingId}`);
  if (booking.cancelledAt === undefined) books.add({ type: 'cancelled', bookingId });
  return { status: 204 };
}

function shown({ bookingId, reference, at, cancelledAt }: Booking): Readonly<Record<string, unknown>> {
  const status = cancelledAt === undefined ? 'BOOKED' : 'CANCELLED';
  return { bookingId, reference, status, bookedAt: at, ...(cancelledAt === undefined ? {} : { cancelledAt }) };
}

function notFound(message: string): Answer {
  return { status: 404, body: { error: { message } } };
}

function readBooking(value: unknown): BookingRequest {
  const { reference, parcels } = readObject(value, 'body');
  if (!Array.isArray(parcels) || parcels.length === 0 || parcels.length > MAX_PARCELS) {
    throw new BadRequestError('parcels', `must be a list of 1 to ${MAX_PARCELS} parcels`);
  }
  return { reference: readText(reference, 'reference'), parcels: parcels.map(readParcel) };
}

function readParcel(value: unknown, index: number): Parcel {
  const field = `parcels[${index}]`;
  const { sku, quantity = 1 } = readObject(value, field);
  return {
    sku: readText(sku, `${field}.sku`),
    quantity: readWholeNumber(quantity, `${field}.quantity`, 1, Number.MAX_SAFE_INTEGER),
  };
}
