import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadHead, seedHead, type Seed } from '@outbox/inbox-dynamodb';
import type { OutboxSummary } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import { keyOfAggregate, subjectOf } from '../aggregate-key';
import { forEachAggregate } from '../reconcile/each-aggregate';
import { JUDGED, type ScannedAggregate } from '../reconcile/scan';
import { subscribes, type ConsumerOutput, type Stack } from '../stack';
import { readAggregateState } from '../tables';
import { partition } from '../trace/load';

export interface SeedOptions {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  readonly consumer: ConsumerOutput;
  /** The start's `at`, ISO-8601. */
  readonly at: string;
  /** Count what there is to do, and do nothing. */
  readonly dryRun: boolean;
  /** Told from time to time how many aggregates were looked at. */
  readonly progress: (aggregates: number) => void;
  /** No further aggregate is begun once it says so. */
  readonly stop: AbortSignal;
}

export interface Seeded {
  /** Aggregates whose events so far the consumer leaves aside. */
  readonly seeded: number;
  /** Those that it knew already: it was here before, or began them itself. */
  readonly known: number;
}

/**
 * Has an in-order or latest consumer begin, with each aggregate that it doesn't know, after the last event that was
 * committed before `at`. Safe while events flow: what is committed from `at` on stays the consumer's, and an aggregate
 * that it has begun meanwhile stays as it is. Safe to repeat with the same `at`: it comes to the same heads.
 * @throws CorruptItemError
 */
export async function seedHeads(options: SeedOptions): Promise<Seeded> {
  const { dynamodb, stack, consumer, progress, stop } = options;
  const counts = { seeded: 0, known: 0 };
  let looked = 0;
  const table = { dynamodb, tableName: stack.outbox_table_name };
  const read = { items: 0, capacityUnits: 0 };
  await forEachAggregate(table, { read, part: undefined, stop }, async (scanned) => {
    if (!subscribes(consumer, scanned.about.aggregate)) return;
    const found = await seedOf(options, scanned);
    if (found) counts[(await isNew(options, found)) ? 'seeded' : 'known'] += 1;
    looked += 1;
    progress(looked);
  });
  return counts;
}

/** Writes a head, or under `dryRun` looks whether it would be written. */
async function isNew({ dynamodb, consumer, dryRun }: SeedOptions, seed: Seed): Promise<boolean> {
  const inbox = { dynamodb, tableName: consumer.table_name };
  return dryRun ? (await loadHead(inbox, seed.subject)) === undefined : seedHead(inbox, seed);
}

/** What a consumer leaves aside of an aggregate; undefined when that began after the consumer. */
async function seedOf(
  { dynamodb, stack, at }: SeedOptions,
  { about, state }: ScannedAggregate,
): Promise<Seed | undefined> {
  for (const error of state.corrupt) throw error;
  if (!state.head) return undefined;
  const { lastSequence, updatedAt } = state.head;
  // The scan may have passed the aggregate's events before its head: an event of since then is to be seen for sure.
  const { events } =
    Date.parse(updatedAt) < Date.parse(at)
      ? state
      : readAggregateState(
          stack.outbox_table_name,
          await partition(dynamodb, stack.outbox_table_name, keyOfAggregate(about), undefined, JUDGED),
        );
  const lastVersion = lastBefore(Date.parse(at), lastSequence, events);
  if (lastVersion === 0) return undefined;
  // Retention may have taken it, and then no copy comes.
  const lastEventId = events.find((event) => sequenceOf(event) === lastVersion)?.id ?? `before-${at}`;
  return { subject: subjectOf(stack, about), lastVersion, lastEventId, joinedAt: at };
}

/** The last sequence of an aggregate that was committed before a time; 0: none was. Retention takes older events only. */
export function lastBefore(
  at: number,
  lastSequence: number,
  events: readonly Pick<OutboxSummary, 'sk' | 'committedAt'>[],
): number {
  const since = events.filter(({ committedAt }) => Date.parse(committedAt) >= at).map(sequenceOf);
  return Math.min(lastSequence + 1, ...since) - 1;
}
