import type { Tracer } from '@outbox/function-kit';
import type { AggregateType, EventOf, ReadableEventType } from '@outbox/outbox-envelope';
import type { Policy } from '@outbox/inbox-rules';
import { milliseconds } from './failure';
import { indexedProblem, type EffectFields } from './inbox-item';
import type { CallContext, Completion, CompletionTools, Work } from './work';

/** The events a consumer has something to do for: all of an aggregate, or some types. */
export type Subscription<E extends ReadableEventType> = AggregateType<string, E> | readonly E[];

interface CommonDefinition<E extends ReadableEventType> {
  /** As the stack calls it; keys and ids derive from it, so it stays. */
  readonly name: string;
  readonly policy: Policy['kind'];
  readonly on: Subscription<E>;
  /** Fields of the record that an index of its table needs beside it. */
  readonly indexed?: readonly string[];
  /** Days until a record with fields expires; for good if not given. At least the inbox's retention. */
  readonly keepDays?: number;
  /** Gets the consumer's spans; if not given, they go where the function's environment says, or nowhere. */
  readonly tracer?: Tracer;
}

/** Pure: one conditional write. */
export interface EffectDefinition<E extends ReadableEventType> extends CommonDefinition<E> {
  /** The fields that are kept; undefined ones are left out. */
  readonly effect: (event: EventOf<E>) => EffectFields;
  readonly call?: never;
  readonly complete?: never;
}

/** May read; writes and emits in one transaction. */
export interface CompleteDefinition<E extends ReadableEventType> extends CommonDefinition<E> {
  /** May run more than once for an event; what it returns is written once. */
  readonly complete: (event: EventOf<E>, tools: CompletionTools) => Completion | Promise<Completion>;
  readonly effect?: never;
  readonly call?: never;
}

/** Calls the outside world first: at least once, always with the same key. */
export interface CallDefinition<E extends ReadableEventType, R> extends CommonDefinition<E> {
  /** Such as `5s`; no call is begun that the invocation has no time for. */
  readonly callTimeout: string;
  readonly call: (event: EventOf<E>, context: CallContext) => R | Promise<R>;
  /** Asked before a call is repeated; undefined: no such call was made. */
  readonly lookup?: (event: EventOf<E>, context: CallContext) => R | undefined | Promise<R | undefined>;
  /** May run more than once for an event; what it returns is written once. */
  readonly complete?: (event: EventOf<E>, result: R, tools: CompletionTools) => Completion | Promise<Completion>;
  readonly effect?: never;
}

export type ConsumerDefinition<E extends ReadableEventType, R> =
  EffectDefinition<E> | CompleteDefinition<E> | CallDefinition<E, R>;

/** A definition that can't work; the message names the consumer and what to change. */
export class ConsumerDefinitionError extends Error {
  override readonly name = 'ConsumerDefinitionError';
}

/** The event types of a subscription. */
export function eventTypesOf<E extends ReadableEventType>(on: Subscription<E>): readonly E[] {
  return 'eventTypes' in on ? on.eventTypes : on;
}

/**
 * How the consumer processes an event.
 * @throws ConsumerDefinitionError
 */
export function workOf<E extends ReadableEventType, R>(definition: ConsumerDefinition<E, R>): Work<EventOf<E>> {
  const invalid = (problem: string): never => {
    throw new ConsumerDefinitionError(`consumer ${definition.name}: ${problem}`);
  };
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) invalid('its name takes lower-case letters, digits and hyphens');
  if (eventTypesOf(definition.on).length === 0) invalid('`on` names no event type');
  for (const name of definition.indexed ?? []) {
    const problem = indexedProblem(name);
    if (problem !== undefined) invalid(`indexed: ${problem}`);
  }
  if (definition.effect) {
    const { effect } = definition;
    return { kind: 'plain', isPure: true, finish: (event) => () => ({ record: effect(event) }) };
  }
  if (!definition.call) {
    const { complete } = definition;
    return { kind: 'plain', isPure: false, finish: (event) => (tools) => complete(event, tools) };
  }
  const { call, lookup, complete, callTimeout } = definition;
  const finish = (event: EventOf<E>, result: R) => (tools: CompletionTools) => complete?.(event, result, tools) ?? {};
  return {
    kind: 'call',
    timeoutMs: timeoutOf(callTimeout, invalid),
    call: async (event, context) => finish(event, await call(event, context)),
    ...(lookup
      ? {
          lookup: async (event, context) => {
            const result = await lookup(event, context);
            return result === undefined ? undefined : finish(event, result);
          },
        }
      : {}),
  };
}

function timeoutOf(callTimeout: string, invalid: (problem: string) => never): number {
  try {
    return milliseconds(callTimeout);
  } catch (error) {
    return invalid(`callTimeout: ${error instanceof Error ? error.message : String(error)}`);
  }
}
