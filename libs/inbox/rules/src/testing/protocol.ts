import type { InboxMessage, Publication } from '../message';
import {
  ageConsumer,
  EMPTY_CONSUMER,
  isConsumerAtRest,
  normalConsumer,
  receiveFromBus,
  redrive,
  type ConsumerKind,
  type ConsumerState,
} from './consumer-side';
import { consumerMoves } from './consumer-steps';
import type { Model, Move } from './explore';
import {
  ageOutbox,
  agePublications,
  emptyOutbox,
  isOutboxAtRest,
  normalOutbox,
  outboxMoves,
  publicationsOf,
  type OutboxState,
} from './outbox-side';

/** What is explored. */
export interface ProtocolOptions {
  /** Events that each writer commits to the one aggregate. */
  readonly writers: readonly number[];
  readonly consumers: Readonly<Record<string, ConsumerKind>>;
  /** How often something goes wrong. */
  readonly faults: number;
}

/** The outbox and its consumers. Each part is kept once, so that it is worked out once what may become of it. */
interface State {
  readonly faults: number;
  readonly outbox: Part<OutboxState>;
  readonly consumers: readonly Part<ConsumerState>[];
}

/** A part's state and its number, the same for states alike. */
interface Part<S> {
  readonly number: number;
  readonly state: S;
}

/** Everything between a commit and its consumers' effects, as a model to be explored. */
export function protocol({ writers, consumers, faults }: ProtocolOptions): Model<State> {
  const kinds = Object.values(consumers);
  const names = Object.keys(consumers);
  const outboxPart = partsOf(normalOutbox);
  const consumerParts = kinds.map(() => partsOf(normalConsumer));
  const movesOfOutbox = keeping((state: OutboxState) =>
    outboxMoves(state).map((move) => ({ ...move, next: outboxPart(move.next) })),
  );
  const movesOfConsumer = kinds.map((kind, index) =>
    keeping((state: ConsumerState) =>
      keepingAsLongAsUnread((publicationOf) =>
        consumerMoves(kind, state, publicationOf).map((move) => ({
          ...move,
          label: `${names[index]}: ${move.label}`,
          next: partOf(index, move.next),
        })),
      ),
    ),
  );
  const publicationsPart = partsOf((publications: readonly Publication[]) => JSON.stringify(publications));
  const none = publicationsPart([]);
  const published = keeping((state: OutboxState) => publicationsPart(publicationsOf(state)));
  const asks = kinds.map(({ policy }) => policy.kind === 'in-order');
  const partOf = (index: number, state: ConsumerState): Part<ConsumerState> => {
    const make = consumerParts[index];
    if (!make) throw new Error(`there is no consumer ${index}`);
    return make(state);
  };
  const received = kinds.map((_, index) =>
    keeping((state: ConsumerState) => byVersion((event) => partOf(index, receiveFromBus(state, event)))),
  );
  const agedOutbox = keeping((state: OutboxState) => outboxPart(ageOutbox(state)));
  const agedPublications = keeping((state: OutboxState) => outboxPart(agePublications(state)));
  const agedConsumer = kinds.map((_, index) => keeping((state: ConsumerState) => partOf(index, ageConsumer(state))));
  const mapped = <T>(
    { consumers: parts }: State,
    change: readonly ((part: Part<ConsumerState>) => T)[],
    then: (changed: T, part: Part<ConsumerState>) => Part<ConsumerState>,
  ) =>
    parts.map((part, index) => {
      const changed = change[index]?.(part);
      return changed === undefined ? part : then(changed, part);
    });

  const movesOf = (state: State): readonly Move<State>[] => {
    const moves: Move<State>[] = [];
    const add = (move: Pick<Move<unknown>, 'label' | 'isFault' | 'violation'>, change: Partial<State>): void => {
      if (move.isFault && state.faults === 0) return;
      const { label, isFault, violation } = move;
      const next = { ...state, faults: state.faults - (isFault ? 1 : 0), ...change };
      moves.push({ label, isFault, next, ...(violation === undefined ? {} : { violation }) });
    };
    for (const move of movesOfOutbox(state.outbox)) {
      const { publishes } = move;
      const reached = publishes ? { consumers: mapped(state, received, (receive) => receive(publishes)) } : {};
      add(move, { outbox: move.next, ...reached });
    }
    for (const [index, part] of state.consumers.entries()) {
      const told = asks[index] ? published(state.outbox) : none;
      for (const move of movesOfConsumer[index]?.(part)(told) ?? []) {
        add(move, { consumers: state.consumers.with(index, move.next) });
      }
      add(
        { label: `${names[index]}: hours pass while it has work`, isFault: true },
        {
          consumers: state.consumers.with(index, agedConsumer[index]?.(part) ?? part),
          outbox: asks[index] ? agedPublications(state.outbox) : state.outbox,
        },
      );
    }
    // Time passes and operators act when all else is at rest: whatever is slower than that is a fault of its own.
    if (moves.some(({ isFault }) => !isFault)) return moves;
    const older = { outbox: agedOutbox(state.outbox), consumers: mapped(state, agedConsumer, (aged) => aged) };
    add({ label: 'hours pass', isFault: false }, older);
    for (const [index, part] of state.consumers.entries()) {
      if (part.state.dead.length === 0) continue;
      const label = `${names[index]}: an operator redrives the dead letters`;
      add({ label, isFault: false }, { consumers: state.consumers.with(index, partOf(index, redrive(part.state))) });
    }
    return moves;
  };

  return {
    start: {
      faults,
      outbox: outboxPart(emptyOutbox(writers)),
      consumers: kinds.map((_, index) => partOf(index, EMPTY_CONSUMER)),
    },
    keyOf,
    movesOf,
    isOver: ({ outbox, consumers: parts }) =>
      isOutboxAtRest(outbox.state) &&
      parts.every(({ state }, index) => {
        const kind = kinds[index];
        return kind !== undefined && isConsumerAtRest(kind, state, outbox.state.rows.length);
      }),
    describe: ({ outbox, consumers: parts }) =>
      JSON.stringify({ outbox: outbox.state, ...Object.fromEntries(parts.map(({ state }, at) => [names[at], state])) }),
  };
}

function keyOf({ faults, outbox, consumers }: State): string {
  return `${faults} ${outbox.number} ${consumers.map(({ number }) => number).join(' ')}`;
}

/** Gives states alike the same part. `normal` is a state's JSON in the form that states alike share. */
function partsOf<S>(normal: (state: S) => string): (state: S) => Part<S> {
  const known = new Map<string, Part<S>>();
  return (state) => {
    const json = normal(state);
    let part = known.get(json);
    if (part === undefined) {
      part = { number: known.size, state: JSON.parse(json) as S };
      known.set(json, part);
    }
    return part;
  };
}

/** Works out once what becomes of a part. */
function keeping<S, T>(work: (state: S) => T): (part: Part<S>) => T {
  const known: T[] = [];
  return ({ number, state }) => (known[number] ??= work(state));
}

/** Works out once what doesn't depend on what was published, all else once for each. */
function keepingAsLongAsUnread<T>(
  work: (publicationOf: (version: number) => Publication) => T,
): (published: Part<readonly Publication[]>) => T {
  let isRead = false;
  let unread: T | undefined;
  const each = keeping((publications: readonly Publication[]) =>
    work((version) => {
      isRead = true;
      return publications[version - 1] ?? { kind: 'absent' };
    }),
  );
  return (published) => {
    if (unread !== undefined) return unread;
    const result = each(published);
    if (!isRead) unread = result;
    return result;
  };
}

/** Works out once what becomes of each event; an event's version tells it from the others. */
function byVersion<T>(work: (event: InboxMessage) => T): (event: InboxMessage) => T {
  const known = new Map<number, T>();
  return (event) => {
    const result = known.get(event.version) ?? work(event);
    known.set(event.version, result);
    return result;
  };
}
