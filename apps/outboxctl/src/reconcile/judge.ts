import { inboxHead, isOrder, isOutboxItem, text, versionOf, type Row } from '../tables';
import type { ConsumerRows } from '../trace/timeline';
import type { Finding } from './finding';

export interface JudgePolicy {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long after its commit an event may be under way before it counts as lost. */
  readonly graceMs: number;
  /** Events committed before are not judged; epoch milliseconds. */
  readonly since: number;
}

/**
 * Compares all that is known of one order: `orderRows` is its partition of the orders table, each consumer's `rows` its
 * partition there. Pure; the same rows give the same findings.
 */
export function judgeOrder(
  orderId: string,
  orderRows: readonly Row[],
  consumers: readonly ConsumerRows[],
  policy: JudgePolicy,
): Finding[] {
  const version = Number(orderRows.find(isOrder)?.['version'] ?? 0);
  const outbox = new Map(orderRows.filter(isOutboxItem).map((item) => [versionOf(item), item]));
  return [
    ...missingItems(orderId, version, outbox),
    ...[...outbox.values()].flatMap((item) => judgeItem(orderId, item, consumers, policy)),
    ...consumers.flatMap((consumer) => judgeConsumer(orderId, version, outbox, consumer, policy)),
  ];
}

/** An order's versions are contiguous: a hole among its outbox items is a lost event, unless retention made it. */
function missingItems(orderId: string, version: number, outbox: ReadonlyMap<number, Row>): Finding[] {
  const findings: Finding[] = [];
  let expiring = true;
  for (let v = 1; v <= version; v++) {
    const item = outbox.get(v);
    if (item) expiring = item['expiresAt'] !== undefined;
    else if (!expiring) {
      findings.push({
        kind: 'lost',
        orderId,
        version: v,
        detail: 'the order has this version, the outbox has no event for it',
      });
    }
  }
  return findings;
}

function judgeItem(orderId: string, item: Row, consumers: readonly ConsumerRows[], policy: JudgePolicy): Finding[] {
  const committedAt = Date.parse(text(item['committedAt']) ?? '');
  const about = { orderId, version: versionOf(item), eventId: text(item['id']) ?? '' };
  if (committedAt < policy.since) return [];
  if (item['failedAt'] !== undefined) {
    return [{ kind: 'failed', ...about, detail: text(item['failure']) ?? 'no reason recorded' }];
  }
  const dueAt = text(item['dueAt']);
  if (dueAt !== undefined) {
    const late = Date.parse(dueAt) < policy.now;
    return late ? [{ kind: 'late', ...about, detail: `unpublished, due since ${dueAt}` }] : [];
  }
  if (policy.now - committedAt < policy.graceMs) return [];
  return consumers
    .filter((consumer) => subscribes(consumer, item) && !hasDone(consumer, about.version, about.eventId))
    .map((consumer) => ({
      kind: 'lost',
      ...about,
      consumer: consumer.name,
      detail: `published, not done by ${consumer.name}: look into its queue and DLQ`,
    }));
}

function subscribes({ output }: ConsumerRows, item: Row): boolean {
  return !output.event_types || output.event_types.includes(text(item['type']) ?? '');
}

function hasDone({ output, rows }: ConsumerRows, version: number, eventId: string): boolean {
  if (rows.some((row) => row['eventId'] === eventId)) return true;
  // A newer version stands for the older ones; that is what `latest` promises, and what an in-order head means.
  return output.policy !== 'once' && Number(inboxHead(rows)?.['lastVersion'] ?? 0) >= version;
}

function judgeConsumer(
  orderId: string,
  version: number,
  outbox: ReadonlyMap<number, Row>,
  consumer: ConsumerRows,
  policy: JudgePolicy,
): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, Row>();
  const effects = consumer.rows
    .filter((row) => row['eventId'] !== undefined)
    .sort((a, b) => Number(a['version']) - Number(b['version']));
  let previous: Row | undefined;
  for (const effect of effects) {
    const eventId = String(effect['eventId']);
    const about = { orderId, version: Number(effect['version']), eventId, consumer: consumer.name };
    const committed = outbox.get(about.version);
    if (about.version > version || (committed && committed['id'] !== eventId)) {
      findings.push({ kind: 'orphaned', ...about, detail: 'an effect of an event that the outbox does not know' });
    }
    if (seen.has(eventId)) {
      findings.push({
        kind: 'duplicated',
        ...about,
        detail: `a second effect: ${String(seen.get(eventId)?.['sk'])} and ${String(effect['sk'])}`,
      });
    }
    seen.set(eventId, effect);
    if (consumer.output.policy === 'in-order' && previous) {
      findings.push(...outOfOrder(about, previous, effect));
    }
    previous = effect;
  }
  return [...findings, ...behindRetention(orderId, version, outbox, consumer, policy)];
}

function outOfOrder(about: Omit<Finding, 'kind' | 'detail'>, previous: Row, effect: Row): Finding[] {
  const before = `version ${String(previous['version'])}`;
  return String(effect['appliedAt']) < String(previous['appliedAt'])
    ? [{ kind: 'out-of-order', ...about, detail: `applied at ${String(effect['appliedAt'])}, before ${before}` }]
    : [];
}

/** Once retention took an event from the outbox, only the consumer's own head can tell that it was done. */
function behindRetention(
  orderId: string,
  version: number,
  outbox: ReadonlyMap<number, Row>,
  { name, output, rows }: ConsumerRows,
  policy: JudgePolicy,
): Finding[] {
  const oldest = Math.min(version + 1, ...outbox.keys());
  const newestExpired = oldest - 1;
  if (output.policy === 'once' || newestExpired < 1 || policy.since > 0) return [];
  const lastVersion = Number(inboxHead(rows)?.['lastVersion'] ?? 0);
  if (lastVersion >= newestExpired) return [];
  const detail = `last did version ${lastVersion}; the events up to ${newestExpired} are past retention`;
  return [{ kind: 'lost', orderId, version: newestExpired, consumer: name, detail }];
}
