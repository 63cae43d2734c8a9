import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { scanUnfinished, type Unfinished } from '@outbox/inbox-dynamodb';
import { failedItems, type FailedItem } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import type { AggregateId } from '../aggregate-id';
import { aggregateOfKey } from '../aggregate-key';
import type { ConsumerOutput, Stack } from '../stack';

/**
 * `claimed`: an outside call is under way, and for longer than it may be, or not for the first time; `retrying`: an attempt
 * failed; `dead`: set aside; `held`: set aside, and an in-order consumer does no later event of the aggregate meanwhile;
 * `gap`: an in-order consumer looks for it in vain; `failed`: the sweeper gave it up; `corrupt`: an item can't be read.
 */
export const STUCK_KINDS = ['failed', 'held', 'gap', 'retrying', 'claimed', 'dead', 'corrupt'] as const;
export type StuckKind = (typeof STUCK_KINDS)[number];

/** An event that doesn't get on. */
export interface Stuck extends AggregateId {
  readonly kind: StuckKind;
  /** Where; absent: on the way to the bus. */
  readonly consumer?: string;
  readonly sequence?: number;
  readonly type?: string;
  /** ISO-8601. */
  readonly since?: string;
  readonly attempts?: number;
  /** The last error, or the reason. */
  readonly why?: string;
}

/** Every event that is stuck anywhere, those that are so longest first. Reads the outbox's table and every consumer's. */
export async function findStuck(dynamodb: DynamoDBClient, stack: Stack, now: number): Promise<Stuck[]> {
  const consumers = Object.entries(stack.consumers).map(async ([name, output]) => {
    const found: Stuck[] = [];
    for await (const each of scanUnfinished({ dynamodb, tableName: output.table_name })) {
      const stuck = stuckAt(name, output.policy, each, now);
      if (stuck) found.push(stuck);
    }
    return found;
  });
  const failed: Stuck[] = [];
  for await (const item of failedItems({ dynamodb, tableName: stack.outbox_table_name }))
    failed.push(failedEvent(item));
  const all = [...failed, ...(await Promise.all(consumers)).flat()];
  return all.sort((a, b) => (a.since ?? '').localeCompare(b.since ?? ''));
}

/** What something unfinished means under a policy; undefined: it is at work on it, as it should be. Pure. */
export function stuckAt(
  consumer: string,
  policy: ConsumerOutput['policy'],
  unfinished: Unfinished,
  now: number,
): Stuck | undefined {
  const { aggregateType: aggregate, id } = unfinished.subject;
  const about = { aggregate, id, consumer };
  if (unfinished.kind === 'corrupt') return { kind: 'corrupt', ...about, why: unfinished.error.message };
  if (unfinished.kind === 'missed') {
    return { kind: 'gap', ...about, sequence: unfinished.version, since: new Date(unfinished.since).toISOString() };
  }
  const { status, version, type, attempts, firstAttemptAt, leaseUntil, lastError, reason } = unfinished.pending;
  if (status === 'claimed' && attempts === 1 && (leaseUntil ?? 0) > now) return undefined;
  const why = [reason, lastError].filter((part) => part !== undefined).join(': ');
  return {
    kind: status === 'dead-lettered' ? (policy === 'in-order' ? 'held' : 'dead') : status,
    ...about,
    sequence: version,
    type,
    since: new Date(firstAttemptAt).toISOString(),
    attempts,
    ...(why === '' ? {} : { why }),
  };
}

function failedEvent(item: FailedItem): Stuck {
  const { failedAt: since, failure: why, event } = item;
  return {
    kind: 'failed',
    ...(aggregateOfKey(item.pk) ?? { aggregate: '', id: item.pk }),
    sequence: sequenceOf(item),
    ...(event ? { type: event.type, attempts: event.attempts } : {}),
    since,
    why,
  };
}
