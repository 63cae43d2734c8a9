import type { StoredRecord } from '@outbox/inbox-dynamodb';
import type { OutboxSummary } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import type { AggregateId } from '../aggregate-id';
import { subscribes } from '../stack';
import { leavesAside, type AggregateState, type ConsumerSubject } from '../tables';
import type { Finding } from './finding';

export interface JudgePolicy {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long after its commit an event may be under way before it counts as lost. */
  readonly graceMs: number;
  /** Events committed before are not judged; epoch milliseconds. */
  readonly since: number;
}

/** Compares all that is known of one aggregate. Pure; the same states give the same findings. */
export function judgeAggregate(
  { aggregate, id }: AggregateId,
  { head, events, corrupt }: AggregateState,
  consumers: readonly ConsumerSubject[],
  policy: JudgePolicy,
): Finding[] {
  const about = { aggregate, id };
  const lastSequence = head?.lastSequence ?? 0;
  const outbox = new Map(events.map((item) => [sequenceOf(item), item]));
  const { lost, newestExpired } = absentOf(lastSequence, outbox);
  const detail = 'the head has passed this number, the outbox has no event for it';
  const read = consumers.filter((consumer) => !consumer.corrupt);
  return [
    ...corrupt.map(({ message }): Finding => ({ kind: 'corrupt', ...about, detail: message })),
    ...consumers.flatMap(({ name, corrupt: error }): Finding[] =>
      error ? [{ kind: 'corrupt', ...about, consumer: name, detail: error.message }] : [],
    ),
    ...(corrupt.length > 0 ? [] : lost.map((sequence): Finding => ({ kind: 'lost', ...about, sequence, detail }))),
    ...[...outbox.values()].flatMap((item) => judgeItem(about, lastSequence, item, read, policy)),
    ...read.flatMap((consumer) => judgeConsumer(about, lastSequence, outbox, consumer)),
    ...read.flatMap((consumer) => behindRetention(about, newestExpired, consumer, policy)),
  ];
}

/** The sequence numbers of an aggregate that the outbox has no event for. */
interface Absent {
  /** Retention did not take these: nothing after an event that still waits for its own is past it. */
  readonly lost: readonly number[];
  /** The newest of those that retention took; 0 when it took none. */
  readonly newestExpired: number;
}

/** Sequence numbers have no holes: one among the outbox items is a lost event, unless retention made it. */
function absentOf(lastSequence: number, outbox: ReadonlyMap<number, OutboxSummary>): Absent {
  const lost: number[] = [];
  let newestExpired = 0;
  let expiring = true;
  for (let sequence = 1; sequence <= lastSequence; sequence++) {
    const item = outbox.get(sequence);
    // What the sweeper gave up stays for ever, so that it says nothing about those after it.
    if (item) expiring = item.expiresAt !== undefined || item.failedAt !== undefined;
    else if (expiring) newestExpired = sequence;
    else lost.push(sequence);
  }
  return { lost, newestExpired };
}

function judgeItem(
  aggregate: AggregateId,
  lastSequence: number,
  item: OutboxSummary,
  consumers: readonly ConsumerSubject[],
  policy: JudgePolicy,
): Finding[] {
  const committedAt = Date.parse(item.committedAt);
  const about = { ...aggregate, sequence: sequenceOf(item), eventId: item.id };
  if (committedAt < policy.since) return [];
  if (about.sequence > lastSequence) {
    return [
      { kind: 'orphaned', ...about, detail: `an event beyond the head of its aggregate, which is at ${lastSequence}` },
    ];
  }
  if (item.failedAt !== undefined) {
    return [{ kind: 'failed', ...about, detail: item.failure ?? 'no reason recorded' }];
  }
  if (item.dueAt !== undefined) {
    const detail = unpublishedFor(item.dueAt, item.attempts, policy);
    return detail === undefined ? [] : [{ kind: 'late', ...about, detail }];
  }
  if (policy.now - committedAt < policy.graceMs) return [];
  return consumers
    .filter((consumer) => subscribes(consumer.output, about.aggregate, item.type) && !hasDone(consumer, about))
    .filter((consumer) => !leavesAside(consumer, { ...about, committedAt: item.committedAt }))
    .map((consumer) => ({
      kind: 'lost',
      ...about,
      consumer: consumer.name,
      detail: `published, not done by ${consumer.name}: look into its queue and DLQ`,
    }));
}

/** Why an unpublished event is late. Whatever the sweeper had to take up was due: until its next attempt it is so still. */
function unpublishedFor(dueAt: string, attempts: number, { now }: JudgePolicy): string | undefined {
  if (Date.parse(dueAt) <= now) return `unpublished, due since ${dueAt}`;
  return attempts > 0 ? `unpublished after attempt ${attempts} of the sweeper, the next is due at ${dueAt}` : undefined;
}

function hasDone(
  { output, subject }: ConsumerSubject,
  { sequence, eventId }: { readonly sequence: number; readonly eventId: string },
): boolean {
  if (subject.records.some((record) => record.eventId === eventId)) return true;
  // A newer event stands for the older ones; that is what `latest` promises, and what an in-order head means.
  return output.policy !== 'once' && (subject.head?.lastVersion ?? 0) >= sequence;
}

function judgeConsumer(
  aggregate: AggregateId,
  lastSequence: number,
  outbox: ReadonlyMap<number, OutboxSummary>,
  consumer: ConsumerSubject,
): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, StoredRecord>();
  const effects = [...consumer.subject.records].sort((a, b) => a.version - b.version);
  let previous: StoredRecord | undefined;
  for (const effect of effects) {
    const { eventId } = effect;
    const about = { ...aggregate, sequence: effect.version, eventId, consumer: consumer.name };
    const committed = outbox.get(about.sequence);
    if (about.sequence > lastSequence || (committed && committed.id !== eventId)) {
      findings.push({ kind: 'orphaned', ...about, detail: 'an effect of an event that the outbox does not know' });
    }
    const first = seen.get(eventId);
    if (first) findings.push({ kind: 'duplicated', ...about, detail: `a second effect: ${first.sk} and ${effect.sk}` });
    seen.set(eventId, effect);
    if (consumer.output.policy === 'in-order' && previous) {
      findings.push(...outOfOrder(about, previous, effect));
    }
    previous = effect;
  }
  return findings;
}

function outOfOrder(about: Omit<Finding, 'kind' | 'detail'>, previous: StoredRecord, effect: StoredRecord): Finding[] {
  if (effect.appliedAt >= previous.appliedAt) return [];
  const detail = `applied at ${effect.appliedAt}, before event ${previous.version}`;
  return [{ kind: 'out-of-order', ...about, detail }];
}

/** Once retention took an event from the outbox, only the consumer's own head can tell that it was done. */
function behindRetention(
  aggregate: AggregateId,
  newestExpired: number,
  { name, output, subject }: ConsumerSubject,
  policy: JudgePolicy,
): Finding[] {
  if (output.policy === 'once' || newestExpired < 1 || policy.since > 0) return [];
  const lastVersion = Math.max(subject.head?.lastVersion ?? 0, ...subject.skips.map(({ to }) => to));
  if (lastVersion >= newestExpired) return [];
  const detail = `last did event ${lastVersion}; the events up to ${newestExpired} are past retention`;
  return [{ kind: 'lost', ...aggregate, sequence: newestExpired, consumer: name, detail }];
}
