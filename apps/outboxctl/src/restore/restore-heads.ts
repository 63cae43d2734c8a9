import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writePassedOver } from '@outbox/outbox-dynamodb';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import { keyOfAggregate } from '../aggregate-key';
import { forEachAggregate } from '../reconcile/each-aggregate';
import { JUDGED, scanOrphans } from '../reconcile/scan';
import type { Stack } from '../stack';
import { readAggregateState, type AggregateState, type ConsumerSubject, type ReadCount } from '../tables';
import { loadConsumers, partition } from '../trace/load';
import { advanceOf, type Advance } from './advance';

/** What became of an aggregate that a restore had left behind. */
export interface HeadResult extends AggregateId, Advance {
  /** `would-move`: nothing is written in a dry run. `moved-meanwhile`: a commit came between; nothing was changed. */
  readonly result: 'moved' | 'would-move' | 'moved-meanwhile';
}

/** An aggregate with items that can't be read: its head is left where it is. */
export interface Unreadable extends AggregateId {
  readonly result: 'unreadable';
  readonly detail: string;
}

export interface RestoreOptions<Result> {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  /** Why, and by whose credentials (an ARN): kept beside what is changed. */
  readonly reason: string;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly dryRun: boolean;
  /** Told of each aggregate that isn't whole. */
  readonly found: (result: Result) => void;
  /** Told from time to time how far it is. */
  readonly progress: (aggregates: number) => void;
  /** Nothing further is changed once it says so. */
  readonly stop: AbortSignal;
}

/**
 * Moves the head of every aggregate that a restore set back past the highest number that a consumer or an event bears, so
 * that no number is given out twice; numbers without an event are noted beside it. Aggregates that consumers know and the
 * outbox doesn't get a head. Conditional and repeatable: a second run finds nothing to do. Returns how many it looked at.
 */
export async function restoreHeads(options: RestoreOptions<HeadResult | Unreadable>): Promise<number> {
  const { dynamodb, stack, stop, progress } = options;
  const read: ReadCount = { items: 0, capacityUnits: 0 };
  let aggregates = 0;
  const look = async (about: AggregateId, state?: AggregateState): Promise<void> => {
    aggregates += 1;
    progress(aggregates);
    await restoreHead(options, about, state);
  };
  const table = { dynamodb, tableName: stack.outbox_table_name };
  await forEachAggregate(table, { read, part: undefined, stop }, ({ about, state }) => look(about, state));
  const seen = new Set<string>();
  for (const { table_name } of Object.values(stack.consumers)) {
    for await (const about of scanOrphans(dynamodb, stack, table_name, read)) {
      if (stop.aborted) break;
      const name = formatAggregateId(about);
      // Where nothing was written, a second consumer's table still shows it without a head.
      if (!seen.has(name)) await look(about);
      seen.add(name);
    }
  }
  return aggregates;
}

/**
 * The consumers' tables first: what they know by then was committed, so that a head read afterwards is past it. What was
 * `scanned` before can only be older: an aggregate that is whole by it is whole.
 */
async function restoreHead(
  { dynamodb, stack, reason, by, now, dryRun, found }: RestoreOptions<HeadResult | Unreadable>,
  about: AggregateId,
  scanned: AggregateState | undefined,
): Promise<void> {
  const pk = keyOfAggregate(about);
  const tableName = stack.outbox_table_name;
  const consumers = await loadConsumers(dynamodb, stack, about);
  if (scanned && !firstCorrupt(scanned, consumers) && !advanceOf(scanned, consumers)) return;
  const state = readAggregateState(tableName, await partition(dynamodb, tableName, pk, undefined, JUDGED));
  const corrupt = firstCorrupt(state, consumers);
  if (corrupt) return found({ ...about, result: 'unreadable', detail: corrupt.message });
  const advance = advanceOf(state, consumers);
  if (!advance) return;
  if (dryRun) return found({ ...about, ...advance, result: 'would-move' });
  const { from, to, passedFrom } = advance;
  const note = { from: passedFrom, to, reason, by, at: new Date(now).toISOString() };
  const isMoved = await writePassedOver({ dynamodb, tableName }, { pk, after: from, lastSequence: to }, note);
  found({ ...about, ...advance, result: isMoved ? 'moved' : 'moved-meanwhile' });
}

function firstCorrupt({ corrupt }: AggregateState, consumers: readonly ConsumerSubject[]): Error | undefined {
  return [...corrupt, ...consumers.flatMap((consumer) => consumer.corrupt ?? [])][0];
}
