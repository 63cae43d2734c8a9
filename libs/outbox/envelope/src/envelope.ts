import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/** ISO-8601 in UTC; milliseconds as we write it, anything `Date` reads as we take it. */
export const time = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time'));

/** Events that one may cause at the most, one after another: a loop of consumers ends there. */
export const MAX_HOPS = 16;

/** A kind of aggregate, such as `parcel`. */
export const AGGREGATE_TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * What every event carries around its `data`: CloudEvents 1.0 with the extensions aggregatetype, sequence, partitionkey,
 * traceparent, tracestate, correlationid, causationid, hops, owner, relayedat.
 */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: nonEmpty,
  source: nonEmpty,
  type: nonEmpty,
  /** What kind of thing `subject` is: `parcel`. */
  aggregatetype: z.string().check(z.regex(AGGREGATE_TYPE, 'is not the name of an aggregate type')),
  /** The aggregate's id. */
  subject: nonEmpty,
  /** When the change was committed. */
  time,
  datacontenttype: z.literal('application/json'),
  /** URI that names the schema of `data` with its version. */
  dataschema: nonEmpty,
  /** The number of the event within its aggregate, from 1 without holes; a string, as CloudEvents has it. */
  sequence: z.string().check(z.regex(/^[1-9]\d{0,9}$/, 'is not a sequence number')),
  /** `<aggregatetype>#<subject>`: events with the same key have an order. */
  partitionkey: nonEmpty,
  /** W3C trace context of the request that caused the event. */
  traceparent: z.optional(z.string()),
  /** What tracing vendors keep beside `traceparent`. */
  tracestate: z.optional(z.string()),
  /** The same for all that one request caused. */
  correlationid: z.optional(z.string()),
  /** The id of the event that a consumer was handling when it caused this one. */
  causationid: z.optional(nonEmpty),
  /** How many events lie between this one and the request that caused the first; left out for 0. */
  hops: z.optional(z.int().check(z.gte(0), z.lt(MAX_HOPS))),
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

/** `time: is not a time; data.items.0.name: …` in one line; `at` is where the parsed value lies within the event. */
export function describeIssues(
  issues: readonly { readonly path: PropertyKey[]; readonly message: string }[],
  at?: string,
): string {
  return issues
    .map(({ path, message }) => {
      const place = [...(at === undefined ? [] : [at]), ...path.map(String)].join('.');
      return `${place || 'event'}: ${message}`;
    })
    .join('; ');
}
