import type * as z from 'zod/mini';
import { AGGREGATE_TYPE } from './envelope';
import {
  defineEventType,
  type EventOf,
  type EventType,
  type EventVersions,
  type ReadableEventType,
} from './event-type';

/** `credit-note` → `CreditNote`: how the types of an aggregate's events begin. */
export type PascalCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${PascalCase<Tail>}`
  : Capitalize<S>;

/** The names of an aggregate's events, each with its schemas by version. */
export type EventDefinitions = Readonly<Record<string, EventVersions>>;

/** A kind of thing that publishes events about itself. */
export interface AggregateType<A extends string = string, E extends ReadableEventType = ReadableEventType> {
  /** Such as `parcel`; the `aggregatetype` of its events. */
  readonly aggregateType: A;
  readonly eventTypes: readonly E[];
}

type Constructors<A extends string, D extends EventDefinitions> = {
  readonly [N in keyof D & string]: EventType<
    A,
    `${PascalCase<A>}${N}`,
    z.infer<D[N][keyof D[N]]>,
    z.infer<D[N][NewestVersion<keyof D[N]>]>
  >;
};

/**
 * The newest of some versions: `'v1' | 'v2' | 'v10'` → `'v10'`. Counts up from v1 until none is left; beyond v99, and
 * where the versions aren't known to the compiler, any of them.
 */
type NewestVersion<V, Count extends unknown[] = [unknown]> = `v${number}` extends V
  ? V
  : Count['length'] extends 100
    ? V
    : [Exclude<V, `v${Count['length']}`>] extends [never]
      ? V
      : NewestVersion<Exclude<V, `v${Count['length']}`>, [...Count, unknown]>;

/** An aggregate type with a constructor for each of its events: `parcel.Moved(data)`. */
export type Aggregate<A extends string, D extends EventDefinitions> = AggregateType<
  A,
  Constructors<A, D>[keyof D & string]
> &
  Constructors<A, D>;

/** Every event of an aggregate type, as its consumers get it. */
export type EventsOf<T> = T extends AggregateType<string, infer E> ? EventOf<E> : never;

/** A definition that can't be used; the message names the aggregate or its event. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
}

/**
 * Says once what a kind of aggregate publishes; types, recognition and the documents of the contract follow from it. On
 * the wire an event's type is the aggregate's name and its own (`ParcelMoved`), its `dataschema` says the version.
 * @throws InvalidDefinitionError
 */
export function defineAggregate<const A extends string, const D extends EventDefinitions>(
  aggregateType: A,
  { events }: { readonly events: D },
): Aggregate<A, D> {
  const invalid = (problem: string): never => {
    throw new InvalidDefinitionError(problem);
  };
  if (!AGGREGATE_TYPE.test(aggregateType)) {
    invalid(
      `aggregate type ${JSON.stringify(aggregateType)}: use lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  const prefix = aggregateType.replace(/(?:^|-)([a-z0-9])/g, (_, character: string) => character.toUpperCase());
  const constructors = Object.entries(events).map(([name, versions]): [string, EventType] => {
    const event = `event ${aggregateType}.${name}`;
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name))
      invalid(`${event}: start its name with a capital letter, then letters and digits`);
    if (Object.keys(versions).length === 0) invalid(`${event} has no version: give it a schema, { v1: … }`);
    const odd = Object.keys(versions).find((version) => !/^v[1-9]\d*$/.test(version));
    if (odd !== undefined) invalid(`${event}: version ${odd} must be called v1, v2, …`);
    return [name, defineEventType(aggregateType, `${prefix}${name}`, versions)];
  });
  if (constructors.length === 0) invalid(`aggregate type ${aggregateType} has no events`);
  const aggregate: AggregateType = { aggregateType, eventTypes: constructors.map(([, eventType]) => eventType) };
  return { ...aggregate, ...Object.fromEntries(constructors) } as Aggregate<A, D>;
}
