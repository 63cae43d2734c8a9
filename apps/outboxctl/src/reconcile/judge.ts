import type { StoredRecord } from '@outbox/inbox-dynamodb';
import { versionOf } from '@outbox/outbox-rules';
import type { OutboxSummary } from '@outbox/outbox-dynamodb';
import type { OrderState } from '../tables';
import type { ConsumerSubject } from '../trace/timeline';
import type { Finding } from './finding';

export interface JudgePolicy {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long after its commit an event may be under way before it counts as lost. */
  readonly graceMs: number;
  /** Events committed before are not judged; epoch milliseconds. */
  readonly since: number;
}

/** Compares all that is known of one order. Pure; the same states give the same findings. */
export function judgeOrder(
  orderId: string,
  { order, events }: OrderState,
  consumers: readonly ConsumerSubject[],
  policy: JudgePolicy,
): Finding[] {
  const version = order?.version ?? 0;
  const outbox = new Map(events.map((item) => [versionOf(item), item]));
  const { lost, newestExpired } = absentOf(version, outbox);
  const detail = 'the order has this version, the outbox has no event for it';
  return [
    ...lost.map((v): Finding => ({ kind: 'lost', orderId, version: v, detail })),
    ...[...outbox.values()].flatMap((item) => judgeItem(orderId, version, item, consumers, policy)),
    ...consumers.flatMap((consumer) => judgeConsumer(orderId, version, outbox, consumer)),
    ...consumers.flatMap((consumer) => behindRetention(orderId, newestExpired, consumer, policy)),
  ];
}

/** The versions of an order that the outbox has no event for. */
interface Absent {
  /** Retention did not take these: nothing after an event that still waits for its own is past it. */
  readonly lost: readonly number[];
  /** The newest of those that retention took; 0 when it took none. */
  readonly newestExpired: number;
}

/** An order's versions are contiguous: a hole among its outbox items is a lost event, unless retention made it. */
function absentOf(version: number, outbox: ReadonlyMap<number, OutboxSummary>): Absent {
  const lost: number[] = [];
  let newestExpired = 0;
  let expiring = true;
  for (let v = 1; v <= version; v++) {
    const item = outbox.get(v);
    // What the sweeper gave up stays for ever, so that it says nothing about those after it.
    if (item) expiring = item.expiresAt !== undefined || item.failedAt !== undefined;
    else if (expiring) newestExpired = v;
    else lost.push(v);
  }
  return { lost, newestExpired };
}

function judgeItem(
  orderId: string,
  orderVersion: number,
  item: OutboxSummary,
  consumers: readonly ConsumerSubject[],
  policy: JudgePolicy,
): Finding[] {
  const committedAt = Date.parse(item.committedAt);
  const about = { orderId, version: versionOf(item), eventId: item.id };
  if (committedAt < policy.since) return [];
  if (about.version > orderVersion) {
    return [
      { kind: 'orphaned', ...about, detail: `an event of a version that the order, at ${orderVersion}, has not` },
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
    .filter((consumer) => subscribes(consumer, item.type) && !hasDone(consumer, about.version, about.eventId))
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

function subscribes({ output }: ConsumerSubject, type: string): boolean {
  return !output.event_types || output.event_types.includes(type);
}

function hasDone({ output, subject }: ConsumerSubject, version: number, eventId: string): boolean {
  if (subject.records.some((record) => record.eventId === eventId)) return true;
  // A newer version stands for the older ones; that is what `latest` promises, and what an in-order head means.
  return output.policy !== 'once' && (subject.head?.lastVersion ?? 0) >= version;
}

function judgeConsumer(
  orderId: string,
  version: number,
  outbox: ReadonlyMap<number, OutboxSummary>,
  consumer: ConsumerSubject,
): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, StoredRecord>();
  const effects = [...consumer.subject.records].sort((a, b) => a.version - b.version);
  let previous: StoredRecord | undefined;
  for (const effect of effects) {
    const { eventId } = effect;
    const about = { orderId, version: effect.version, eventId, consumer: consumer.name };
    const committed = outbox.get(about.version);
    if (about.version > version || (committed && committed.id !== eventId)) {
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
  const detail = `applied at ${effect.appliedAt}, before version ${previous.version}`;
  return [{ kind: 'out-of-order', ...about, detail }];
}

/** Once retention took an event from the outbox, only the consumer's own head can tell that it was done. */
function behindRetention(
  orderId: string,
  newestExpired: number,
  { name, output, subject }: ConsumerSubject,
  policy: JudgePolicy,
): Finding[] {
  if (output.policy === 'once' || newestExpired < 1 || policy.since > 0) return [];
  const lastVersion = subject.head?.lastVersion ?? 0;
  if (lastVersion >= newestExpired) return [];
  const detail = `last did version ${lastVersion}; the events up to ${newestExpired} are past retention`;
  return [{ kind: 'lost', orderId, version: newestExpired, consumer: name, detail }];
}
