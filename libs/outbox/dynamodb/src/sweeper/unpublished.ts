import { SHARDS, type UnpublishedKey } from '@outbox/outbox-rules';
import type { OutboxTable } from '../table/outbox-table';
import { unpublishedOf, type UnpublishedPage } from '../table/unpublished-index';

/** Keys of each shard that a run looks at first: all of them on a usual day. */
const FIRST_PAGE_SIZE = 500;

/** What the index holds, as far as it was read: every shard from its front on. */
export class Unpublished {
  readonly #shards = new Map<string, UnpublishedPage>();

  private constructor(
    private readonly table: OutboxTable,
    private readonly now: number,
  ) {}

  /** Reads the front of every shard: one Query each. */
  static async read(table: OutboxTable, now: number): Promise<Unpublished> {
    const unpublished = new Unpublished(table, now);
    await unpublished.#readOn(SHARDS, FIRST_PAGE_SIZE);
    return unpublished;
  }

  get keys(): UnpublishedKey[] {
    return [...this.#shards.values()].flatMap(({ keys }) => keys);
  }

  get due(): UnpublishedKey[] {
    return this.keys.filter((key) => this.#isDue(key));
  }

  /** Reads on, all shards side by side, until so many keys are due or no more are. */
  async readUntilDue(wanted: number): Promise<void> {
    for (;;) {
      const missing = wanted - this.due.length;
      const shards = SHARDS.filter((shard) => this.#mayHoldMore(shard));
      if (missing <= 0 || shards.length === 0) return;
      await this.#readOn(shards, Math.max(FIRST_PAGE_SIZE, Math.ceil(missing / shards.length)));
    }
  }

  async #readOn(shards: readonly string[], limit: number): Promise<void> {
    await Promise.all(
      shards.map(async (shard) => {
        const read = this.#shards.get(shard);
        const page = await unpublishedOf(this.table, shard, limit, read?.next);
        this.#shards.set(shard, { keys: [...(read?.keys ?? []), ...page.keys], next: page.next });
      }),
    );
  }

  /** A shard is in the order of `dueAt`. */
  #mayHoldMore(shard: string): boolean {
    const { keys = [], next } = this.#shards.get(shard) ?? {};
    const last = keys.at(-1);
    return next !== undefined && (last === undefined || this.#isDue(last));
  }

  #isDue({ dueAt }: UnpublishedKey): boolean {
    return Date.parse(dueAt) <= this.now;
  }
}
