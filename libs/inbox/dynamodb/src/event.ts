/** What the inbox reads of a CloudEvent; the rest is the consumer's. */
export interface ConsumedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** The version within the subject, as CloudEvents' string of digits. */
  readonly sequence: string;
  /** When the change was committed, ISO-8601. */
  readonly time: string;
  /** When the relay passed the event on, ISO-8601. */
  readonly relayedat?: string;
}

/** What a consumer's catalogue makes of a `detail`. */
export type Recognised<E extends ConsumedEvent> =
  | { readonly kind: 'known'; readonly event: E }
  | { readonly kind: 'unknown-type' | 'unknown-version'; readonly event: ConsumedEvent }
  | { readonly kind: 'malformed'; readonly detail: string };

/** Reads a `detail`; total: whatever it is given, it answers. */
export type Recognise<E extends ConsumedEvent> = (detail: unknown) => Recognised<E>;

/** Narrows a reader to the types a consumer has an effect for; other types of the catalogue are unknown to it. */
export function ofType<E extends ConsumedEvent, T extends E['type']>(
  recognise: Recognise<E>,
  ...types: readonly T[]
): Recognise<Extract<E, { readonly type: T }>> {
  const wanted = (event: E): event is Extract<E, { readonly type: T }> => types.some((type) => type === event.type);
  return (detail) => {
    const recognised = recognise(detail);
    if (recognised.kind !== 'known') return recognised;
    const { event } = recognised;
    return wanted(event) ? { kind: 'known', event } : { kind: 'unknown-type', event };
  };
}
