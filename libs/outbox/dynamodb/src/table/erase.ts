import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import { erasability, erasure, type Erasability } from '@outbox/outbox-rules';
import { isOutboxHead, outboxHeadKey, unmarshalHead } from './outbox-head';
import { isOutboxItem, readOutboxSummary, type OutboxSummary } from './outbox-item';
import { updateIf, type OutboxTable } from './outbox-table';
import { writeErasure } from './outbox-updates';

/** An event of an aggregate, and whether its content can be erased. */
export interface ErasableEvent {
  readonly event: OutboxSummary;
  readonly erasability: Erasability;
}

/** What a head holds of whom its aggregate is about, and how it is taken away. */
export interface ErasableHead {
  readonly pk: string;
  /** The commit that wrote the head: another one afterwards brings its own marks. */
  readonly lastCommit: string;
  /** Whether it names an owner that is to go. */
  readonly owner: boolean;
  /** The marks of requests, as they are to be; absent when there is nothing to erase of them. */
  readonly marks?: ErasedMarks;
}

/** Marks that writers keep on heads, without what can be traced to a person. */
export interface ErasedMarks {
  readonly set: Item;
  readonly remove: readonly string[];
}

/** What can be erased of an aggregate's items. */
export interface ErasableAggregate {
  readonly events: readonly ErasableEvent[];
  /** Absent when nothing on it is to be erased, or there is none. */
  readonly head?: ErasableHead;
}

/**
 * What the items of an aggregate's partition hold of its content. Nothing is written.
 * @param eraseMarks what becomes of the marks on a head; undefined when it has none
 * @throws CorruptItemError
 */
export function findErasable(
  table: string,
  items: readonly Item[],
  { keepOwner, eraseMarks }: { readonly keepOwner: boolean; eraseMarks(head: Item): ErasedMarks | undefined },
): ErasableAggregate {
  const events = items
    .filter(isOutboxItem)
    .map((item) => readOutboxSummary(table, item))
    .map((event) => ({ event, erasability: erasability(event) }));
  const item = items.find(isOutboxHead);
  if (!item) return { events };
  const { owner, lastCommit } = unmarshalHead(table, item);
  const marks = eraseMarks(item);
  const hasOwner = owner !== undefined && !keepOwner;
  if (!hasOwner && marks === undefined) return { events };
  const head = { pk: item['pk']?.S ?? '', lastCommit, owner: hasOwner, ...(marks ? { marks } : {}) };
  return { events, head };
}

/** Erases an event's content at `now` (epoch milliseconds). False: it waits to be published again, or is gone. */
export function eraseEvent(table: OutboxTable, { event }: ErasableEvent, now: number): Promise<boolean> {
  return writeErasure(table, event, erasure(now));
}

/** Erases what a head holds. False: another commit has written the head since it was read. */
export function eraseHead(table: OutboxTable, { pk, lastCommit, owner, marks }: ErasableHead): Promise<boolean> {
  const set = Object.entries<AttributeValue>(marks?.set ?? {});
  const remove = [...(owner ? ['owner'] : []), ...(marks?.remove ?? [])];
  const names = [...set.map(([name]) => name), ...remove];
  const places = names.map((_name, index) => `#a${index}`);
  const assignments = set.map((_entry, index) => `${places[index]} = :a${index}`);
  const update = [
    ...(set.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${places.slice(set.length).join(', ')}`] : []),
  ];
  return updateIf(table, outboxHeadKey(pk), {
    UpdateExpression: update.join(' '),
    ConditionExpression: 'lastCommit = :seen',
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#a${index}`, name])),
    ExpressionAttributeValues: {
      ':seen': { S: lastCommit },
      ...Object.fromEntries(set.map(([, value], index) => [`:a${index}`, value])),
    },
  });
}
