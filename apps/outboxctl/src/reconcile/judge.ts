import type { StoredRecord } from '@outbox/inbox-dynamodb';
import type { OutboxSummary } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import type { AggregateId } from '../aggregate-id';
import { memoryOf } from '../repeats';
import { subscribes, type Stack } from '../stack';
import { leavesAside, type AggregateState, type ConsumerSubject } from '../tables';
import { absentOf, bySequence, lastPassedAfter } from './absent';
import type { Finding } from './finding';
import { missedPastRetention } from './past-retention';

export interface JudgePolicy {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long after its commit an event may be under way before it counts as lost. */
  readonly graceMs: number;
  /** Events committed before are not judged; epoch milliseconds. */
  readonly since: number;
}

/** What is judged by. */
export interface Judging extends JudgePolicy {
  /** How long its consumers remember. */
  readonly stack: Pick<Stack, 'inbox_retention_days'>;
}

/** Compares all that is known of one aggregate. Pure; the same states give the same findings. */
export function judgeAggregate(
  { aggregate, id }: AggregateId,
  { head, events, passedOver, corrupt }: AggregateState,
  consumers: readonly ConsumerSubject[],
  policy: Judging,
): Finding[] {
  const about = { aggregate, id };
  const lastSequence = head?.lastSequence ?? 0;
  const outbox = bySequence(events);
  const { lost, expired } = absentOf(lastSequence, outbox, passedOver);
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
    ...(policy.since > 0 ? [] : missedPastRetention(about, { head, expired }, read, policy)),
    ...read.flatMap((consumer) => begunBeforeRetention(about, expired, consumer, policy)),
    ...read.flatMap((consumer) => behindRetention(about, expired.at(-1) ?? 0, consumer, policy)),
    ...read.flatMap((consumer) => beforePassedOver(about, { outbox, passedOver }, consumer)),
    ...read.flatMap((consumer) => beforeErased(about, outbox, consumer)),
  ];
}

function judgeItem(
  aggregate: AggregateId,
  lastSequence: number,
  item: OutboxSummary,
  consumers: readonly ConsumerSubject[],
  policy: JudgePolicy,
): Finding[] {
  const committedAt = Date.parse(item.committedAt);
  const { type, committedAt: time } = item;
  const about = { ...aggregate, sequence: sequenceOf(item), eventId: item.id, type, committedAt: time };
  if (committedAt < policy.since) return [];
  if (about.sequence > lastSequence) {
    return [
      { kind: 'orphaned', ...about, detail: `an event beyond the head of its aggregate, which is at ${lastSequence}` },
    ];
  }
  // Nobody can publish it any more, so that nothing is to be done about it.
  if (item.erasedAt !== undefined) return [];
  if (item.failedAt !== undefined) {
    return [{ kind: 'failed', ...about, detail: item.failure ?? 'no reason recorded' }];
  }
  if (item.dueAt !== undefined) {
    const why = whyUnpublished({ ...item, dueAt: item.dueAt }, policy);
    return why ? [{ kind: 'late', ...about, ...why }] : [];
  }
  if (policy.now - committedAt < policy.graceMs) return [];
  return consumers
    .filter((consumer) => subscribes(consumer.output, about.aggregate, item.type) && !hasDone(consumer, about))
    .filter((consumer) => !leavesAside(consumer, { ...about, committedAt: item.committedAt }))
    .map((consumer): Finding => {
      const { kind, ...why } = whyNotDone(consumer, about.sequence);
      return { kind, ...about, consumer: consumer.name, ...why };
    });
}

type NotDone = Pick<Finding, 'kind' | 'detail' | 'setAside'>;

/** What a consumer's own table says of an event that it hasn't done. */
function whyNotDone({ name, output, subject }: ConsumerSubject, sequence: number): NotDone {
  const pending = subject.pending.find(({ version }) => isExplainedBy(output.policy, version, sequence));
  if (!pending) return { kind: 'lost', detail: `published, not done by ${name}, and not in its hands` };
  const { status, version, attempts, lastError } = pending;
  const why = lastError === undefined ? '' : `: ${lastError}`;
  if (status === 'dead-lettered') {
    const reason = pending.reason === undefined ? '' : ` (${pending.reason})`;
    return version === sequence
      ? { kind: 'held', setAside: true, detail: `a dead letter${reason}${why}` }
      : { kind: 'held', setAside: true, detail: `behind event ${version}, which is a dead letter${reason}${why}` };
  }
  return version === sequence
    ? { kind: 'queued', detail: `begun, attempt ${attempts}${why}` }
    : { kind: 'queued', detail: `behind event ${version}, which is at attempt ${attempts}${why}` };
}

/** Whether an event isn't done since the consumer is at work on the one of `pending`, or has set it aside. */
function isExplainedBy(policy: ConsumerSubject['output']['policy'], pending: number, sequence: number): boolean {
  if (policy === 'in-order') return pending <= sequence;
  // Under `latest` the newer one, once it is done, stands for the older.
  return policy === 'latest' ? pending >= sequence : pending === sequence;
}

/** Why an unpublished event is late. Whatever the sweeper had to take up was due: until its next attempt it is so still. */
function whyUnpublished(
  { dueAt, attempts, lastError }: OutboxSummary & { readonly dueAt: string },
  { now }: JudgePolicy,
): Pick<Finding, 'detail' | 'refused'> | undefined {
  const isDue = Date.parse(dueAt) <= now;
  if (!isDue && attempts === 0 && lastError === undefined) return undefined;
  // An attempt at which the bus took nothing for its own reasons doesn't count.
  const tried = attempts > 0 ? `after attempt ${attempts} of the sweeper` : 'though the sweeper tried';
  const detail = isDue ? `unpublished, due since ${dueAt}` : `unpublished ${tried}, due again at ${dueAt}`;
  return lastError === undefined ? { detail } : { detail: `${detail}: ${lastError}`, refused: true };
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
  consumer: ConsumerSubject,
  policy: JudgePolicy,
): Finding[] {
  const { name, output, subject } = consumer;
  if (output.policy === 'once' || newestExpired < 1 || policy.since > 0) return [];
  const lastVersion = Math.max(subject.head?.lastVersion ?? 0, ...subject.skips.map(({ to }) => to));
  if (lastVersion >= newestExpired) return [];
  const { detail: why, ...told } = whyNotDone(consumer, newestExpired);
  const behind = `last did event ${lastVersion}; the events up to ${newestExpired} are past retention`;
  const detail = told.kind === 'lost' ? behind : `${behind}; ${why}`;
  return [{ ...told, ...aggregate, sequence: newestExpired, consumer: name, detail }];
}

const DAY_MS = 86_400_000;

/**
 * What a `once` consumer has begun or set aside and not done, once retention took the event. What it has begun it never
 * forgets; it is told for as long as a missed event is, so that what an operator has dropped isn't told for ever.
 */
function begunBeforeRetention(
  aggregate: AggregateId,
  expired: readonly number[],
  consumer: ConsumerSubject,
  { now, since, stack }: Judging,
): Finding[] {
  const { name, output, subject } = consumer;
  if (output.policy !== 'once' || since > 0) return [];
  const memoryMs = (memoryOf(stack, output) ?? 0) * DAY_MS;
  return subject.pending
    .filter(({ version, firstAttemptAt }) => expired.includes(version) && now - firstAttemptAt < memoryMs)
    .map(({ version: sequence, eventId, type, firstAttemptAt }): Finding => {
      const { detail: why, ...told } = whyNotDone(consumer, sequence);
      const detail = `past retention, first tried at ${new Date(firstAttemptAt).toISOString()}: ${why}`;
      return { ...told, ...aggregate, sequence, eventId, type, consumer: name, detail };
    });
}

/** An in-order consumer waits for good for a number that a restore took, unless it gets the event from elsewhere. */
function beforePassedOver(
  aggregate: AggregateId,
  { outbox, passedOver }: Parameters<typeof lastPassedAfter>[1],
  { name, output, subject }: ConsumerSubject,
): Finding[] {
  if (output.policy !== 'in-order') return [];
  const last = subject.head?.lastVersion ?? 0;
  const to = lastPassedAfter(last, { outbox, passedOver });
  if (to === last) return [];
  const detail = `waits for ${eventsFrom(last + 1, to)}, lost in a restore: outboxctl replay, or outboxctl restore consumers`;
  return [{ kind: 'held', ...aggregate, sequence: last + 1, consumer: name, detail }];
}

/** An in-order consumer that hasn't done an erased event waits for good, unless it has the event in hand. */
function beforeErased(
  aggregate: AggregateId,
  outbox: ReadonlyMap<number, OutboxSummary>,
  consumer: ConsumerSubject,
): Finding[] {
  const { name, output, subject } = consumer;
  if (output.policy !== 'in-order') return [];
  const last = subject.head?.lastVersion ?? 0;
  let to = last;
  while (isErasedFor(consumer, aggregate, outbox.get(to + 1))) to += 1;
  if (to === last) return [];
  const why = whyNotDone(consumer, last + 1);
  const erased = `waits for ${eventsFrom(last + 1, to)}, whose content was erased: outboxctl skip`;
  const told: NotDone = why.kind === 'lost' ? { kind: 'held', detail: erased } : why;
  return [{ ...told, ...aggregate, sequence: last + 1, consumer: name }];
}

function isErasedFor(
  { output }: ConsumerSubject,
  { aggregate }: AggregateId,
  event: OutboxSummary | undefined,
): boolean {
  return event?.erasedAt !== undefined && subscribes(output, aggregate, event.type);
}

function eventsFrom(first: number, last: number): string {
  return first === last ? `event ${first}` : `events ${first} to ${last}`;
}
