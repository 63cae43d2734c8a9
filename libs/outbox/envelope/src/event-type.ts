import * as z from 'zod/mini';
import { describeIssues, parseEnvelope, type EventEnvelope } from './envelope';

/** The schemas of an event's `data`, by version: `{ v1: … }`. A released one is never changed; a new one is added. */
export type EventVersions = Readonly<Record<`v${number}`, z.ZodMiniType>>;

/** One event with what its type says of it. */
export type TypedEvent<A extends string, T extends string, D> = EventEnvelope & {
  readonly aggregatetype: A;
  readonly type: T;
  readonly data: D;
};

/** What a reader makes of a `detail`. */
export type RecognisedEvent<E extends EventEnvelope = EventEnvelope> =
  | { readonly kind: 'known'; readonly event: E }
  | { readonly kind: 'unknown-type' | 'unknown-version'; readonly event: EventEnvelope }
  | { readonly kind: 'malformed'; readonly detail: string };

/** An event that isn't committed yet: what its domain says. The outbox adds the rest. */
export interface EventDraft<A extends string = string, T extends string = string, D = unknown> {
  readonly aggregatetype: A;
  readonly type: T;
  readonly dataschema: string;
  readonly data: D;
}

/** One type of event, to be read. */
export interface ReadableEventType<A extends string = string, T extends string = string, D = unknown> {
  readonly aggregateType: A;
  /** On the wire: `ParcelMoved`. */
  readonly type: T;
  /** `dataschema` → schema of `data`, oldest first. */
  readonly schemas: ReadonlyMap<string, z.ZodMiniType>;
  /** Checks an envelope of this type: a known version, an unknown one, or data that isn't what its version says. */
  read(envelope: EventEnvelope): RecognisedEvent<TypedEvent<A, T, D>>;
}

/**
 * One type of event: called with data it makes an event to be committed, as of its newest version, whose data is `N`;
 * readers get the data of any version, `D`.
 */
export interface EventType<
  A extends string = string,
  T extends string = string,
  D = unknown,
  N = D,
> extends ReadableEventType<A, T, D> {
  (data: N): EventDraft<A, T, N>;
}

/** The events of a type, as consumers get them. */
export type EventOf<E> = E extends ReadableEventType<infer A, infer T, infer D> ? TypedEvent<A, T, D> : never;

/** The `dataschema` of a version of an event type. */
export function dataschemaOf(type: string, version: string): string {
  return `urn:outbox:event:${type}:${version}`;
}

/** An event type by its name on the wire and its schemas by version, of which there is one at least. */
export function defineEventType(aggregateType: string, type: string, versions: EventVersions): EventType {
  const schemas = new Map(
    Object.entries(versions)
      .map(([version, schema]) => ({ number: Number(version.slice(1)), version, schema }))
      .sort((a, b) => a.number - b.number)
      .map(({ version, schema }) => [dataschemaOf(type, version), schema]),
  );
  const newest = [...schemas.keys()].at(-1);
  if (newest === undefined) throw new RangeError(`event ${type} has no version`);
  const draft = (data: unknown): EventDraft => ({ aggregatetype: aggregateType, type, dataschema: newest, data });
  const read = (envelope: EventEnvelope): RecognisedEvent<TypedEvent<string, string, unknown>> => {
    const known = schemas.get(envelope.dataschema);
    if (!known) return { kind: 'unknown-version', event: envelope };
    const parsed = z.safeParse(known, envelope.data);
    return parsed.success
      ? { kind: 'known', event: { ...envelope, data: parsed.data } }
      : { kind: 'malformed', detail: describeIssues(parsed.error.issues, 'data') };
  };
  return Object.assign(draft, { aggregateType, type, schemas, read });
}

/**
 * Reads a `detail` by the event types that a consumer knows: unknown attributes and fields pass, an unknown type or an
 * unknown version of a known type is told apart from what is malformed. Total.
 */
export function recogniseEvent<E extends ReadableEventType>(
  eventTypes: readonly E[],
  detail: unknown,
): RecognisedEvent<EventOf<E>> {
  const parsed = parseEnvelope(detail);
  if (parsed.kind === 'malformed') return parsed;
  const { envelope } = parsed;
  const eventType = eventTypes.find(
    ({ aggregateType, type }) => aggregateType === envelope.aggregatetype && type === envelope.type,
  );
  if (!eventType) return { kind: 'unknown-type', event: envelope };
  return eventType.read(envelope) as RecognisedEvent<EventOf<E>>;
}

/** Why an event can't be committed: it is of another aggregate, or its data isn't what its schema says. */
export type DraftProblem = { readonly kind: 'unknown-event' | 'invalid-data'; readonly detail: string };

/** Checks a draft by the event types of its aggregate; undefined: there is nothing wrong with it. */
export function draftProblem(eventTypes: readonly ReadableEventType[], draft: EventDraft): DraftProblem | undefined {
  const { aggregatetype, type, dataschema, data } = draft;
  const schema = eventTypes
    .find((known) => known.aggregateType === aggregatetype && known.type === type)
    ?.schemas.get(dataschema);
  if (!schema) return { kind: 'unknown-event', detail: `${dataschema} is no event of this aggregate type` };
  const parsed = z.safeParse(schema, data);
  return parsed.success
    ? undefined
    : { kind: 'invalid-data', detail: `${dataschema}: ${describeIssues(parsed.error.issues, 'data')}` };
}
