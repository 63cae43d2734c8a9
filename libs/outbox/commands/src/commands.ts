import {
  createIds,
  systemClock,
  type Clock,
  type HttpRoute,
  type Ids,
  type Metrics,
  type Problem,
} from '@outbox/function-kit';
import type { Outbox, PlainWrite } from '@outbox/outbox-dynamodb';
import type { AggregateType, EventDraft } from '@outbox/outbox-envelope';
import { isCommandId } from './aggregate-id';
import { busyIsNoFault } from './busy';
import { changeRoute } from './change';
import { createRoute } from './create';
import { commandProblems, type CommandProblems } from './problems';
import type { ParsedBody } from './read-body';
import { readRoute } from './read';

/** What commands on aggregates of one type are made of. */
export interface CommandsOptions<S, A extends string> {
  readonly aggregate: AggregateType<A>;
  readonly outbox: Pick<Outbox, 'commit' | 'loadHead' | 'loadEvent'>;
  /**
   * The aggregate as it is now and as the API shows it, by a strongly consistent read; undefined: there is none. It is
   * called after the head was read, never before.
   */
  readonly load: (id: string) => Promise<S | undefined>;
  /** Whether an aggregate can have an id; what can't be one isn't looked up. Without it: ids that commands make. */
  readonly isId?: (text: string) => boolean;
  /** Refuse what changes something and has no Idempotency-Key; false if it isn't given. */
  readonly requireIdempotencyKey?: boolean;
  /** Where commands with a `counter` are counted. */
  readonly metrics?: Pick<Metrics, 'count'>;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

/** What a command is about. */
export interface CommandContext {
  readonly id: string;
  /** Whom the aggregate belongs to: an opaque id of the caller. */
  readonly owner: string;
  /** Now, ISO-8601. */
  readonly at: string;
}

/** What a change is based on. */
export interface ChangeContext<S> extends CommandContext {
  readonly state: S;
  /** Sequence of the aggregate's last event; that of the change's last one is so much higher as it has events. */
  readonly version: number;
}

/** What a command does: committed together or not at all. */
export interface Decision<S, A extends string> {
  readonly events: readonly EventDraft<A>[];
  /** The service's own writes. */
  readonly write?: readonly PlainWrite[];
  /** The aggregate afterwards, as `load` will return it: what this request and every repeat of it is answered. */
  readonly answer: S;
  /** The problem to answer when the condition of `write[index]` doesn't hold; without it that is a fault (500). */
  readonly refused?: (index: number) => Problem;
}

/** A decision, or why there is none. */
export type Outcome<S, A extends string> = Decision<S, A> | { readonly problem: Problem };

interface Command<I> {
  /** Checks a body. */
  readonly parse: (body: unknown) => ParsedBody<I>;
  /** A metric to count what was committed by. */
  readonly counter?: string;
}

/** A command that makes a new aggregate. */
export interface CreateCommand<I, S, A extends string> extends Command<I> {
  readonly run: (input: I, context: CommandContext) => Outcome<S, A> | Promise<Outcome<S, A>>;
}

/** A command that changes an aggregate. It may be run several times for one request: whoever loses a race tries again. */
export interface ChangeCommand<I, S, A extends string> extends Command<I> {
  /** Which variable of the path is the aggregate's id. */
  readonly id: string;
  readonly run: (input: I, context: ChangeContext<S>) => Outcome<S, A> | Promise<Outcome<S, A>>;
}

/** Routes for aggregates of one type. */
export interface Commands<S, A extends string> {
  /** `POST`: 201 with the new aggregate; the same again for the same Idempotency-Key and body, never a second one. */
  create<I>(command: CreateCommand<I, S, A>): HttpRoute;
  /**
   * `PATCH`, or `POST` to something below the aggregate, with If-Match: 200 with the changed aggregate; the same again
   * for the same Idempotency-Key and body, whatever If-Match says then. To anybody but its owner it doesn't exist.
   */
  change<I>(command: ChangeCommand<I, S, A>): HttpRoute;
  /** `GET`: 200 with the aggregate, to its owner. */
  read(from: Pick<ChangeCommand<unknown, S, A>, 'id'>): HttpRoute;
}

/** The options with what follows from them. */
export interface CommandPorts<S, A extends string = string> extends Required<CommandsOptions<S, A>> {
  readonly problems: CommandProblems;
}

/**
 * Commands on aggregates of one type, as routes for `createHttpHandler`. Every answer that isn't a success is a problem
 * document (`commandProblems`); what the service is to blame for is thrown: RefusedDecisionError, EventInTheWayError, and
 * whatever `parse`, `run` and `load` throw.
 */
export function createCommands<S, A extends string>(options: CommandsOptions<S, A>): Commands<S, A> {
  const problems = commandProblems(options.aggregate.aggregateType);
  const ports: CommandPorts<S, A> = {
    isId: isCommandId,
    requireIdempotencyKey: false,
    metrics: { count: () => undefined },
    clock: systemClock,
    ids: createIds(),
    ...options,
    problems,
  };
  return {
    create: (command) => busyIsNoFault(problems, (request) => createRoute(ports, command, request)),
    change: (command) => busyIsNoFault(problems, (request) => changeRoute(ports, command, request)),
    read: ({ id }) => busyIsNoFault(problems, (request) => readRoute(ports, id, request)),
  };
}
