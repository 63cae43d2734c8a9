import type { Item } from '@outbox/function-kit';
import { isPutOff, SHARDS, type UnpublishedKey } from '@outbox/outbox-rules';
import type { OutboxTable } from '../table/outbox-table';
import { unpublishedOf } from '../table/unpublished-index';

/** Keys of each shard that a run looks at first: all of them on a usual day. */
const FIRST_PAGE_SIZE = 500;

/** A shard, as far as it was read. */
interface ReadShard {
  readonly keys: readonly UnpublishedKey[];
  readonly last: UnpublishedKey | undefined;
  /** Where to read on; undefined at the end. */
  readonly next: Item | undefined;
}

/** What the index holds, as far as it was read: every shard from its front on. */
export class Unpublished {
  readonly #shards = new Map<string, ReadShard>();
  /** Keys that are due, but more than the run could take. */
  #passedOver = 0;

  private constructor(
    private readonly table: OutboxTable,
    private readonly now: number,
  ) {}

  /** Reads the front of every shard: one Query each. */
  static async read(table: OutboxTable, now: number): Promise<Unpublished> {
    const unpublished = new Unpublished(table, now);
    await unpublished.#readOn(SHARDS, FIRST_PAGE_SIZE, Infinity);
    return unpublished;
  }

  get keys(): UnpublishedKey[] {
    return [...this.#shards.values()].flatMap(({ keys }) => keys);
  }

  get due(): UnpublishedKey[] {
    return this.keys.filter((key) => this.#isDue(key));
  }

  /** How many were due of what was read. */
  get dueCount(): number {
    return this.due.length + this.#passedOver;
  }

  /**
   * Reads on, all shards side by side, until so many keys are due or no more are. What the bus put off doesn't count, and
   * is kept only as far as a run could take it: there may be any number of it before the others.
   */
  async readUntilDue(wanted: number): Promise<void> {
    for (;;) {
      const { due } = this;
      const again = due.filter(isPutOff).length;
      const missing = wanted - (due.length - again);
      const shards = SHARDS.filter((shard) => this.#mayHoldMore(shard));
      if (missing <= 0 || shards.length === 0) return;
      await this.#readOn(shards, Math.max(FIRST_PAGE_SIZE, Math.ceil(missing / shards.length)), wanted - again);
    }
  }

  /** @param roomForPutOff so many keys of events that the bus put off are kept of those that are due */
  async #readOn(shards: readonly string[], limit: number, roomForPutOff: number): Promise<void> {
    let room = roomForPutOff;
    await Promise.all(
      shards.map(async (shard) => {
        const read = this.#shards.get(shard);
        const page = await unpublishedOf(this.table, shard, limit, read?.next);
        const kept = page.keys.filter((key) => !this.#isDue(key) || !isPutOff(key) || (room -= 1) >= 0);
        this.#passedOver += page.keys.length - kept.length;
        const last = page.keys.at(-1) ?? read?.last;
        this.#shards.set(shard, { keys: [...(read?.keys ?? []), ...kept], last, next: page.next });
      }),
    );
  }

  /** A shard is in the order of `dueAt`. */
  #mayHoldMore(shard: string): boolean {
    const { last, next } = this.#shards.get(shard) ?? {};
    return next !== undefined && (last === undefined || this.#isDue(last));
  }

  #isDue({ dueAt }: UnpublishedKey): boolean {
    return Date.parse(dueAt) <= this.now;
  }
}
