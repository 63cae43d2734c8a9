import type { Fault, FaultSettings, Partner } from './fault-settings';

export interface Parcel {
  readonly sku: string;
  readonly quantity: number;
}

/** What a carrier is asked for. */
export interface BookingRequest {
  readonly reference: string;
  readonly parcels: readonly Parcel[];
}

/** What a mail provider is asked for. */
export interface MessageRequest {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The trace that a caller's request was a part of, as it was sent. */
export interface Traced {
  readonly traceparent?: string | undefined;
}

/** One thing that happened; everything the partners know follows from a list of these, the journal. Times are ISO 8601. */
export type Entry = { readonly at: string } & (
  | {
      readonly type: 'requested';
      readonly partner: Partner;
      readonly operation: string;
      readonly key: string;
      readonly fault?: Fault | undefined;
    }
  | ({
      readonly type: 'booked';
      readonly bookingId: string;
      readonly key: string;
      readonly keyRememberedUntil: string;
    } & Traced &
      BookingRequest)
  | { readonly type: 'cancelled'; readonly bookingId: string }
  | {
      readonly type: 'refused';
      readonly key: string;
      readonly reference: string;
      readonly reason: string;
    }
  | ({
      readonly type: 'sent';
      readonly messageId: string;
      readonly key: string;
      readonly keyRememberedUntil: string;
    } & Traced &
      MessageRequest)
  | { readonly type: 'conflicted'; readonly partner: Partner; readonly key: string }
  | { readonly type: 'faults-set'; readonly settings: FaultSettings }
);

export type EntryOf<Type extends Entry['type']> = Extract<Entry, { readonly type: Type }>;
