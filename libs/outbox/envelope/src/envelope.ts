import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/** ISO-8601 in UTC; milliseconds as we write it, anything `Date` reads as we take it. */
export const time = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time'));

/** What every event carries around its `data`: CloudEvents 1.0 with the extensions sequence, partitionkey, traceparent, correlationid, owner. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: nonEmpty,
  source: nonEmpty,
  type: nonEmpty,
  /** The aggregate's id. */
  subject: nonEmpty,
  /** When the change was committed. */
  time,
  datacontenttype: z.literal('application/json'),
  /** URI that names the schema of `data` with its version. */
  dataschema: nonEmpty,
  /** The aggregate's version, from 1 without holes; a string, as CloudEvents has it. */
  sequence: z.string().check(z.regex(/^[1-9]\d{0,9}$/, 'is not a version')),
  partitionkey: nonEmpty,
  /** W3C trace context of the request that caused the event. */
  traceparent: z.optional(z.string()),
  /** The same for all that one request caused. */
  correlationid: z.optional(z.string()),
  /**
   * Whom the aggregate belongs to: opaque, the same in all of its events, to be compared only. Whoever shows what events
   * say shows it to its owner. Left out by events from before there were owners: those belong to `anonymous`.
   */
  owner: z.optional(nonEmpty),
  /** Stamped by the relay. */
  relayedat: z.optional(time),
  data: z.unknown(),
});

/** An event as consumers get it; `data` is not looked into. */
export type EventEnvelope = z.infer<typeof envelopeSchema>;

export type ParsedEnvelope =
  | { readonly kind: 'envelope'; readonly envelope: EventEnvelope }
  | { readonly kind: 'malformed'; readonly detail: string };

/** Checks the envelope alone; unknown attributes pass and are kept. Total. */
export function parseEnvelope(value: unknown): ParsedEnvelope {
  const parsed = z.safeParse(envelopeSchema, value);
  if (!parsed.success) return { kind: 'malformed', detail: describeIssues(parsed.error.issues) };
  return { kind: 'envelope', envelope: { ...(value as object), ...parsed.data } };
}

/** `time: is not a time; data.items.0.sku: …` in one line. */
export function describeIssues(issues: readonly { readonly path: PropertyKey[]; readonly message: string }[]): string {
  return issues
    .map(({ path, message }) => `${path.length > 0 ? path.map(String).join('.') : 'event'}: ${message}`)
    .join('; ');
}
