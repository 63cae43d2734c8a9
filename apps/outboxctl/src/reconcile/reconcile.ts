import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import { formatAggregateId } from '../aggregate-id';
import { keyOfAggregate } from '../aggregate-key';
import type { Memories } from '../repeats';
import type { Stack } from '../stack';
import { readAggregateState, type AggregateState, type ReadCount } from '../tables';
import { loadConsumers, loadStarts, partition, type Starts } from '../trace/load';
import { Additions } from './additions';
import type { Backlog } from './backlog';
import { tellWhatWaitsBehind } from './behind';
import { forEachAggregate } from './each-aggregate';
import type { Finding, FindingKind } from './finding';
import { FindingGroups, type FindingGroup } from './groups';
import { judgeAggregate, type JudgePolicy } from './judge';
import { JUDGED, scanOrphans, type ScannedAggregate, type Segment } from './scan';

export interface ReconcileReport {
  readonly aggregates: number;
  /** Aggregates of which nothing was committed since `since`: their consumers' tables were not read. */
  readonly skipped: number;
  readonly events: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  /** The same by kind and consumer, the worst first. */
  readonly groups: readonly FindingGroup[];
  readonly read: ReadCount;
}

export interface ReconcileOptions {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  readonly policy: JudgePolicy;
  /** What may explain that an event isn't done; without it everything that no consumer has in hand is lost. */
  readonly backlog?: Pick<Backlog, 'explains'>;
  /** How long consumers remember; without it as long as the stack says. */
  readonly memories?: Pick<Memories, 'forAge'>;
  /** The share of the tables that is compared; all of them unless given. */
  readonly part?: Segment;
  /** Told every finding as soon as it is made. */
  readonly found: (finding: Finding) => Promise<void> | void;
  /** Told from time to time how far it is. */
  readonly progress: (aggregates: number) => void;
  /** No further aggregate is compared once it says so; the report is of those that were. */
  readonly stop?: AbortSignal;
}

/** Compares every aggregate with what each consumer made of its events; memory doesn't grow with the tables. */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { dynamodb, stack, policy, part, found, progress, stop } = options;
  const read: ReadCount = { items: 0, capacityUnits: 0 };
  const groups = new FindingGroups(0);
  let [aggregates, skipped, events] = [0, 0, 0];
  const report = async (finding: Finding): Promise<void> => {
    groups.add(finding);
    await found(finding);
  };

  const starts = await loadStarts(dynamodb, stack);
  const additions = new Additions(dynamodb, stack, { starts, now: policy.now });
  const table = { dynamodb, tableName: stack.outbox_table_name };
  await forEachAggregate(table, { read, part, stop }, async (scanned) => {
    const isJudged = isSince(scanned.state, policy.since);
    aggregates += 1;
    events += scanned.state.events.length;
    progress(aggregates);
    if (isJudged) await judge({ ...options, additions }, scanned, starts, read, report);
    else skipped += 1;
  });

  for (const [consumer, output] of Object.entries(stack.consumers)) {
    const orphans = scanOrphans(dynamodb, stack, output.table_name, read, { since: policy.since, segment: part });
    for await (const about of orphans) {
      if (stop?.aborted) break;
      const detail = `${consumer} knows ${formatAggregateId(about)}, of which nothing was ever committed`;
      await report({ kind: 'orphaned', ...about, consumer, detail });
    }
  }
  return { aggregates, skipped, events, findings: groups.countsByKind(), groups: groups.counts(), read };
}

/** Whether anything of an aggregate may have been committed since then. What can't be read may have been. */
function isSince({ head, events, corrupt }: AggregateState, since: number): boolean {
  if (since === 0 || !head || corrupt.length > 0) return true;
  return [head.updatedAt, ...events.map(({ committedAt }) => committedAt)].some((time) => Date.parse(time) >= since);
}

/** An aggregate may go on while its tables are read one after the other: only what a second look finds too is reported. */
async function judge(
  { dynamodb, stack, policy, backlog, memories, additions }: ReconcileOptions & { readonly additions: Additions },
  { about, state }: ScannedAggregate,
  starts: Starts,
  read: ReadCount,
  report: (finding: Finding) => Promise<void>,
): Promise<void> {
  const consumers = await loadConsumers(dynamodb, stack, about, { starts, read });
  const judging = { ...policy, stack };
  const findings = judgeAggregate(about, state, consumers, judging);
  if (findings.length === 0) return;
  const items = await partition(dynamodb, stack.outbox_table_name, keyOfAggregate(about), read, JUDGED);
  const stateNow = readAggregateState(stack.outbox_table_name, items);
  const still = new Set(judgeAggregate(about, stateNow, consumers, judging).map(identityOf));
  const published = new Map(stateNow.events.map((event) => [sequenceOf(event), event.publishedAt]));
  const told: Finding[] = [];
  for (const finding of findings.filter((one) => still.has(identityOf(one)))) {
    // Before a message of the queue is taken for it.
    if (await mayBeForgotten(await additions.mark(finding), policy.now, memories)) continue;
    told.push(await additions.mark(await explained(finding, published, backlog)));
  }
  for (const finding of tellWhatWaitsBehind(told, consumers)) await report(finding);
}

/** A finding as it is, or as queued where the consumer's queue may hold its event. */
async function explained(
  finding: Finding,
  published: ReadonlyMap<number, string | undefined>,
  backlog: ReconcileOptions['backlog'],
): Promise<Finding> {
  const { kind, consumer, sequence, eventId, notBefore } = finding;
  if (kind !== 'lost' || consumer === undefined || sequence === undefined) return finding;
  // Of what retention took there is no item, and so no id.
  const isGone = eventId === undefined;
  if (!(await backlog?.explains(consumer, isGone ? { notBefore } : { publishedAt: published.get(sequence) }))) {
    return finding;
  }
  const detail = isGone
    ? `${finding.detail}; a replay that its queue still holds messages of may have sent it`
    : `published, and the queue of ${consumer} is behind`;
  return { ...finding, kind: 'queued', detail };
}

/** Whether what a consumer has no record of may be done all the same. A consumer that has not begun forgot nothing. */
async function mayBeForgotten(
  { notBefore, consumer, notBegun }: Finding,
  now: number,
  memories: ReconcileOptions['memories'],
): Promise<boolean> {
  if (notBefore === undefined || consumer === undefined || notBegun || !memories) return false;
  const ageMs = now - Date.parse(notBefore);
  return ageMs >= ((await memories.forAge(consumer, ageMs)) ?? 0);
}

function identityOf({ kind, sequence, consumer, eventId, detail }: Finding): string {
  return JSON.stringify([kind, sequence, consumer, eventId, ...(kind === 'corrupt' ? [detail] : [])]);
}
