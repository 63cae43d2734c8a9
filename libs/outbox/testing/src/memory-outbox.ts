import { systemClock, createIds, type Clock, type Ids, type Tracer } from '@outbox/function-kit';
import { createOutbox, type Outbox } from '@outbox/outbox-dynamodb';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { committedEvent, OUTBOX_ENTITY, type OutboxItem } from '@outbox/outbox-rules';
import { createMemoryDynamoDb, type MemoryDynamoDb, type TableKeys } from './memory-dynamodb';

/** What an outbox in memory is made of. */
export interface MemoryOutboxOptions {
  /** Tables of the service, as far as it writes them with its events. */
  readonly tables?: TableKeys;
  /** `source` of the events. */
  readonly source?: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Gets a span per commit. */
  readonly tracer?: Tracer;
}

/** An outbox whose tables lie in memory. */
export interface MemoryOutbox extends Outbox {
  /** Where its items lie, and those of the service. */
  readonly memory: MemoryDynamoDb;
  /** The committed events that retention hasn't removed, in the order of their commits. */
  events(): readonly EventEnvelope[];
  /** Removes every event, as retention does once it is published; heads stay. */
  removeEvents(): void;
}

/** The outbox table's name. */
export const OUTBOX_TABLE = 'outbox';

/** The outbox, as `createOutbox` makes it, over tables in memory; it waits for nothing between tries. */
export function createMemoryOutbox({
  tables = {},
  source = 'memory',
  clock = systemClock,
  ids = createIds(),
  tracer,
}: MemoryOutboxOptions = {}): MemoryOutbox {
  const memory = createMemoryDynamoDb({ ...tables, [OUTBOX_TABLE]: ['pk', 'sk'] });
  const outbox = createOutbox({
    dynamodb: memory.client,
    tableName: OUTBOX_TABLE,
    source,
    thresholdMs: 60_000,
    clock,
    ids,
    tracer,
    retry: { random: () => 0, sleep: () => Promise.resolve() },
  });
  const items = () => memory.items(OUTBOX_TABLE) as readonly Partial<OutboxItem>[];
  return {
    ...outbox,
    memory,
    events: () =>
      items()
        .filter(({ entity }) => entity === OUTBOX_ENTITY)
        .map(committedEvent)
        .flatMap((committed) => (committed.kind === 'event' ? [committed.event] : [])),
    removeEvents: () => memory.remove(OUTBOX_TABLE, ({ entity }) => entity === OUTBOX_ENTITY),
  };
}
