import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { formatAggregateId } from '../aggregate-id';
import { keyOfAggregate } from '../aggregate-key';
import type { Stack } from '../stack';
import { readAggregateState, type ReadCount } from '../tables';
import { loadConsumers, loadStarts, partition, type Starts } from '../trace/load';
import { FINDING_KINDS, type Finding, type FindingKind } from './finding';
import { judgeAggregate, type JudgePolicy } from './judge';
import { scanAggregates, scanOrphans, type ScannedAggregate } from './scan';

export interface ReconcileReport {
  readonly aggregates: number;
  readonly events: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  readonly read: ReadCount;
}

export interface ReconcileOptions {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  readonly policy: JudgePolicy;
  /** Told every finding as soon as it is made. */
  readonly found: (finding: Finding) => Promise<void> | void;
  /** Told from time to time how far it is. */
  readonly progress: (aggregates: number) => void;
  /** No further aggregate is compared once it says so; the report is of those that were. */
  readonly stop?: AbortSignal;
}

/** Aggregates compared at a time: enough to hide latency, few enough to hold in memory. */
const CONCURRENCY = 16;

/**
 * Compares every aggregate with what each consumer made of its events; memory stays constant whatever the table's size.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { dynamodb, stack, found, progress, stop } = options;
  const read: ReadCount = { items: 0, capacityUnits: 0 };
  const counts = new Map<FindingKind, number>();
  let aggregates = 0;
  let events = 0;
  const report = async (finding: Finding): Promise<void> => {
    counts.set(finding.kind, (counts.get(finding.kind) ?? 0) + 1);
    await found(finding);
  };

  const starts = await loadStarts(dynamodb, stack);
  const judging = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const settled = async (some: Promise<unknown>): Promise<void> => {
    await some;
    if (failures.length > 0) throw failures[0];
  };
  for await (const scanned of scanAggregates(dynamodb, stack.outbox_table_name, read)) {
    if (stop?.aborted) break;
    aggregates += 1;
    events += scanned.state.events.length;
    // One that fails may do so while nobody waits for it: it is kept, or its aggregate would pass for clean.
    const judged: Promise<void> = judge(options, scanned, starts, read, report)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => judging.delete(judged));
    judging.add(judged);
    if (judging.size >= CONCURRENCY) await settled(Promise.race(judging));
    progress(aggregates);
  }
  await settled(Promise.all(judging));

  for (const [consumer, output] of Object.entries(stack.consumers)) {
    if (stop?.aborted) break;
    for await (const about of scanOrphans(dynamodb, stack, output.table_name, read)) {
      const detail = `${consumer} knows ${formatAggregateId(about)}, of which nothing was ever committed`;
      await report({ kind: 'orphaned', ...about, consumer, detail });
    }
  }
  const findings = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, counts.get(kind) ?? 0]));
  return { aggregates, events, findings: findings as Record<FindingKind, number>, read };
}

/** An aggregate may go on while its tables are read one after the other: only what a second look finds too is reported. */
async function judge(
  { dynamodb, stack, policy }: ReconcileOptions,
  { about, state }: ScannedAggregate,
  starts: Starts,
  read: ReadCount,
  report: (finding: Finding) => Promise<void>,
): Promise<void> {
  const consumers = await loadConsumers(dynamodb, stack, about, starts, read);
  const findings = judgeAggregate(about, state, consumers, policy);
  if (findings.length === 0) return;
  const items = await partition(dynamodb, stack.outbox_table_name, keyOfAggregate(about), read);
  const stateNow = readAggregateState(stack.outbox_table_name, items);
  const still = new Set(judgeAggregate(about, stateNow, consumers, policy).map(identityOf));
  for (const finding of findings.filter((one) => still.has(identityOf(one)))) await report(finding);
}

function identityOf({ kind, sequence, consumer, eventId, detail }: Finding): string {
  return JSON.stringify([kind, sequence, consumer, eventId, ...(kind === 'corrupt' ? [detail] : [])]);
}
