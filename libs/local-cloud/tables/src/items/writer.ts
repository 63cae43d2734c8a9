import { isMet } from '../expressions/evaluate';
import type { Json } from '../json';
import type { ItemStore, StoredItem } from '../storage/item-store';
import type { StreamStore } from '../storage/stream-store';
import { equalItems } from '../values/compare';
import { sizeOfItem } from '../values/size';
import { streamRecordOf } from '../streams/stream-record';
import type { WriteAction } from './write-action';

/** What a write found and what it will leave; `write` does it. */
export interface PlannedWrite {
  readonly action: WriteAction;
  readonly before: StoredItem | undefined;
  readonly after: Pick<StoredItem, 'item' | 'size'> | undefined;
}

/** Looks at the item a write is for, and writes it. */
export class Writer {
  constructor(
    private readonly items: ItemStore,
    private readonly streams: StreamStore,
    private readonly uuid: () => string,
  ) {}

  find({ table, key }: WriteAction): StoredItem | undefined {
    return this.items.get(table, key.position);
  }

  /** Whether the action's condition holds for what is there. */
  allows({ condition }: WriteAction, before: StoredItem | undefined): boolean {
    return condition === undefined || isMet(condition, before?.item ?? {});
  }

  /** @throws AwsError ValidationException where the item can't take the change */
  plan(action: WriteAction, before: StoredItem | undefined): PlannedWrite {
    if (action.isCheck) return { action, before, after: before };
    const item = action.change(before?.item);
    return { action, before, after: item && { item, size: sizeOfItem(item) } };
  }

  /** To be called in a database transaction. @param by who did it, for the stream, where it isn't a client */
  write({ action, before, after }: PlannedWrite, by?: Json): void {
    const { table, key, isCheck } = action;
    if (isCheck) return;
    // What changes nothing is no change: it has no record in the stream.
    if (before && after && equalItems(before.item, after.item)) return;
    if (after) this.items.put(table, key.position, before, after);
    else if (before) this.items.delete(table, key.position, before);
    else return;
    if (!table.stream?.isEnabled) return;
    const images = { keys: key.attributes, before: before?.item, after: after?.item };
    const record = streamRecordOf(table.stream.viewType, images, this.uuid(), table.region);
    this.streams.append(table.stream.id, by ? { ...record, userIdentity: by } : record);
  }
}
