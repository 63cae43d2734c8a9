import { callHttp, type CallContext } from '@outbox/inbox-dynamodb';
import * as z from 'zod/mini';

/** What the carrier is asked to take. */
export interface BookingRequest {
  /** How we call it: the order. */
  readonly reference: string;
  readonly parcels: readonly { readonly sku: string; readonly quantity: number }[];
}

/** What the carrier says to it. */
export type BookingReply =
  | { readonly kind: 'booked'; readonly bookingId: string }
  /** It can't carry this, now or ever. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The carrier's HTTP API. */
export interface Carrier {
  book(request: BookingRequest, context: CallContext): Promise<BookingReply>;
  /** The booking under the context's key; undefined when there is none. */
  find(context: CallContext): Promise<BookingReply | undefined>;
  /** Can be repeated. */
  cancel(bookingId: string, context: CallContext): Promise<void>;
}

const booking = z.object({ bookingId: z.string().check(z.minLength(1)) });
const refusal = z.object({ reason: z.string() });
const NO_REASON = 'the carrier gave no reason';

/** The carrier at an address. */
export function carrierAt(address: string): Carrier {
  const bookings = `${address.replace(/\/$/, '')}/carrier/bookings`;
  return {
    book: async (request, context) => {
      const { status, body } = await callHttp(context, { url: bookings, body: request, accept: [200, 201, 422] });
      return status === 422
        ? { kind: 'refused', reason: z.parse(refusal, body).reason || NO_REASON }
        : { kind: 'booked', ...z.parse(booking, body) };
    },
    find: async (context) => {
      const url = `${bookings}?key=${encodeURIComponent(context.key)}`;
      const { status, body } = await callHttp(context, { url, method: 'GET', accept: [200, 404] });
      return status === 404 ? undefined : { kind: 'booked', ...z.parse(booking, body) };
    },
    cancel: async (bookingId, context) => {
      await callHttp(context, {
        url: `${bookings}/${encodeURIComponent(bookingId)}`,
        method: 'DELETE',
        accept: [204],
      });
    },
  };
}
