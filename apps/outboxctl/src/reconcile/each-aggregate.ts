import type { OutboxTable } from '@outbox/outbox-dynamodb';
import type { ReadCount } from '../tables';
import { scanAggregates, type ScannedAggregate, type Segment } from './scan';

export interface EachOptions {
  readonly read: ReadCount;
  /** The share of the table that is looked at; all of it unless given. */
  readonly part: Segment | undefined;
  /** No further aggregate is begun once it says so. */
  readonly stop: AbortSignal | undefined;
}

/** Segments read side by side: DynamoDB serves them from several partitions. */
const SEGMENTS = 8;
/** Aggregates worked on at a time: enough to hide latency, few enough to hold in memory. */
const CONCURRENCY = 16;

/**
 * Calls `work` for every aggregate of the outbox, some at a time. A scan goes on only as fast as `work` does, so memory
 * holds a page per segment and the aggregates worked on, whatever the table's size.
 * @throws the first error of a scan or of `work`; nothing further is begun then
 */
export async function forEachAggregate(
  { dynamodb, tableName }: OutboxTable,
  { read, part = { segment: 0, of: 1 }, stop }: EachOptions,
  work: (scanned: ScannedAggregate) => Promise<void>,
): Promise<void> {
  let failed = false;
  const lane = async (segment: number): Promise<void> => {
    const own = { segment: part.segment * SEGMENTS + segment, of: part.of * SEGMENTS };
    const underWay = new Set<Promise<void>>();
    const failures: unknown[] = [];
    for await (const scanned of scanAggregates(dynamodb, tableName, read, own)) {
      if (failed || stop?.aborted) break;
      // One that fails may do so while nobody waits for it: it is kept, or its aggregate would pass for clean.
      const done: Promise<void> = work(scanned)
        .catch((error: unknown) => {
          failed = true;
          failures.push(error);
        })
        .finally(() => underWay.delete(done));
      underWay.add(done);
      if (underWay.size >= CONCURRENCY / SEGMENTS) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    if (failures.length > 0) throw failures[0];
  };
  const lanes = Array.from({ length: SEGMENTS }, (_, segment) =>
    lane(segment).catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(lanes);
}
