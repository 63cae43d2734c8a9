import type { Entry, EntryOf, Parcel } from './entry';
import { FAULTS, NO_FAULTS, PARTNERS, type Fault, type FaultSettings, type Partner } from './fault-settings';

export type Booking = EntryOf<'booked'> & { cancelledAt?: string };
export type Message = EntryOf<'sent'>;

/** What `GET /_log` returns. `requests` is how often the key was asked for, whatever came of it. */
export interface Log {
  readonly now: string;
  readonly bookings: readonly {
    readonly bookingId: string;
    readonly key: string;
    readonly reference: string;
    readonly parcels: readonly Parcel[];
    readonly bookedAt: string;
    readonly cancelledAt?: string;
    readonly keyRememberedUntil: string;
    readonly requests: number;
    readonly traceparent?: string | undefined;
  }[];
  readonly messages: readonly {
    readonly messageId: string;
    readonly key: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly sentAt: string;
    readonly keyRememberedUntil: string;
    readonly requests: number;
    readonly traceparent?: string | undefined;
  }[];
  /** Bookings that the carrier refused. */
  readonly refusals: readonly {
    readonly key: string;
    readonly reference: string;
    readonly reason: string;
    readonly refusedAt: string;
  }[];
  /** Keys that came again with another body while they were remembered. */
  readonly conflicts: readonly { readonly partner: Partner; readonly key: string; readonly at: string }[];
}

export type FaultCounts = Readonly<Record<Partner, Readonly<Record<Fault, number>>>>;

/** What follows from the entries of a journal. */
export class Records {
  #settings = NO_FAULTS;
  readonly #bookings = new Map<string, Booking>();
  readonly #bookingsByKey = new Map<string, Booking>();
  readonly #messages: Message[] = [];
  readonly #messagesByKey = new Map<string, Message>();
  readonly #refusals: EntryOf<'refused'>[] = [];
  readonly #conflicts: EntryOf<'conflicted'>[] = [];
  readonly #attempts = new Map<string, number>();
  readonly #struck = new Map<string, number>();

  apply(entry: Entry): void {
    switch (entry.type) {
      case 'requested':
        increment(this.#attempts, attemptsKey(entry.partner, entry.operation, entry.key));
        if (entry.fault !== undefined) increment(this.#struck, `${entry.partner} ${entry.fault}`);
        break;
      case 'booked': {
        const booking = { ...entry };
        this.#bookings.set(entry.bookingId, booking);
        this.#bookingsByKey.set(entry.key, booking);
        break;
      }
      case 'cancelled': {
        const booking = this.#bookings.get(entry.bookingId);
        if (booking !== undefined) booking.cancelledAt ??= entry.at;
        break;
      }
      case 'sent':
        this.#messages.push(entry);
        this.#messagesByKey.set(entry.key, entry);
        break;
      case 'refused':
        this.#refusals.push(entry);
        break;
      case 'conflicted':
        this.#conflicts.push(entry);
        break;
      case 'faults-set':
        this.#settings = entry.settings;
    }
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  booking(bookingId: string): Booking | undefined {
    return this.#bookings.get(bookingId);
  }

  /** The last booking under a key, remembered or not. */
  lastBooking(key: string): Booking | undefined {
    return this.#bookingsByKey.get(key);
  }

  /** The last message under a key, remembered or not. */
  lastMessage(key: string): Message | undefined {
    return this.#messagesByKey.get(key);
  }

  /** How often this was asked for so far. */
  attempts(partner: Partner, operation: string, key: string): number {
    return this.#attempts.get(attemptsKey(partner, operation, key)) ?? 0;
  }

  /** How often each fault struck. */
  faultCounts(): FaultCounts {
    const counts = (partner: Partner): [Partner, Record<Fault, number>] => [
      partner,
      Object.fromEntries(FAULTS.map((fault) => [fault, this.#struck.get(`${partner} ${fault}`) ?? 0])) as Record<
        Fault,
        number
      >,
    ];
    return Object.fromEntries(PARTNERS.map(counts)) as Record<Partner, Record<Fault, number>>;
  }

  /** What happened at `since` or later. */
  log(now: string, since: string): Log {
    return {
      now,
      bookings: [...this.#bookings.values()]
        .filter(({ at, cancelledAt = at }) => at >= since || cancelledAt >= since)
        .map(({ type: _, at, ...booking }) => ({
          ...booking,
          bookedAt: at,
          requests: this.attempts('carrier', 'book', booking.key),
        })),
      messages: this.#messages
        .filter(({ at }) => at >= since)
        .map(({ type: _, at, ...message }) => ({
          ...message,
          sentAt: at,
          requests: this.attempts('mail', 'send', message.key),
        })),
      refusals: this.#refusals
        .filter(({ at }) => at >= since)
        .map(({ type: _, at, ...refusal }) => ({ ...refusal, refusedAt: at })),
      conflicts: this.#conflicts.filter(({ at }) => at >= since).map(({ partner, key, at }) => ({ partner, key, at })),
    };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function attemptsKey(partner: Partner, operation: string, key: string): string {
  return `${partner} ${operation} ${key}`;
}
