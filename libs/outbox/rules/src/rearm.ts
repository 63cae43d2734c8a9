import { shardOf } from './shard';

/** What makes an item wait for the sweeper again; whatever says that it is published or failed goes. */
export interface Rearmed {
  readonly unpublishedShard: string;
  readonly dueAt: string;
  readonly attempts: 0;
}

/** An item of the aggregate under `pk`, due at once (`now` in epoch milliseconds) and with all its attempts. */
export function rearm(pk: string, now: number): Rearmed {
  return { unpublishedShard: shardOf(pk), dueAt: new Date(now).toISOString(), attempts: 0 };
}
