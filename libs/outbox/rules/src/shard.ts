/** Eight shards carry about 4,000 events/s: an index partition takes 1,000 writes/s and each event costs two. */
export const SHARD_COUNT = 8;

/** The shard of an aggregate: FNV-1a over its key, so that one aggregate's events stay together. */
export function shardOf(pk: string): string {
  let hash = 0x811c9dc5;
  for (const character of pk) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return `s${(hash >>> 0) % SHARD_COUNT}`;
}

/** Every shard, for whoever reads the whole index. */
export const SHARDS: readonly string[] = Array.from({ length: SHARD_COUNT }, (_, shard) => `s${shard}`);
