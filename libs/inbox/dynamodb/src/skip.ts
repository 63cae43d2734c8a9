import { PutItemCommand, TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { isoTime, type Clock } from '@outbox/function-kit';
import type { Head, InboxMessage, Policy } from '@outbox/inbox-rules';
import { headItem, skipItem } from './inbox-item';
import type { LayoutPorts } from './layout';
import { PENDING } from './pending-item';
import { subjectKey, type Subject } from './subject';

/** A step of an in-order consumer over versions that it can't process. */
export interface Skip {
  readonly subject: Subject;
  /** The last version that is passed over. */
  readonly to: number;
  /** The event of that version: a copy that comes later is known by it. */
  readonly eventId: string;
  readonly reason: string;
  /** ARN of who did it. */
  readonly by: string;
  /** ISO-8601. */
  readonly at: string;
}

/**
 * Moves a head on from `seen` (undefined: there is none yet), and writes down beside the effects who did it and why, both
 * or neither. What is pending of the next event is passed over, too, unless a delivery is at work on it. False: one is,
 * or the head has moved since it was read; nothing was changed.
 */
export async function writeSkip(
  { dynamodb, tableName }: LayoutPorts,
  { subject, to, eventId, reason, by, at }: Skip,
  seen: Head | undefined,
): Promise<boolean> {
  const key = subjectKey(subject);
  const note = skipItem(key, { from: seen?.lastVersion ?? 0, to, reason, by, at });
  const hasNotMoved = seen ? 'lastVersion = :seen' : 'attribute_not_exists(lastVersion)';
  try {
    await dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName: tableName,
              Item: {
                ...headItem({ subject: key, version: to, id: eventId }, seen ?? { firstVersion: 1 }),
                updatedAt: { S: at },
              },
              ConditionExpression: `${hasNotMoved} AND (NOT (${PENDING}.#status = :claimed) OR ${PENDING}.leaseUntil < :at)`,
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: {
                ':at': { S: at },
                ':claimed': { S: 'claimed' },
                ...(seen ? { ':seen': { N: String(seen.lastVersion) } } : {}),
              },
            },
          },
          { Put: { TableName: tableName, Item: note, ConditionExpression: 'attribute_not_exists(pk)' } },
        ],
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}

/**
 * Notes that a message is passed over since the consumer's code doesn't want its type: otherwise it couldn't be told from
 * one that was lost. The note is no record: should a later version of the code want the type, a replay brings it. It
 * expires with the inbox's memory, but under `latest`, where nothing else would say it once the outbox's retention took
 * the event.
 */
export async function writeUnwanted(
  { dynamodb, tableName, name, policy, retentionDays, clock }: UnwantedPorts,
  { subject, version }: InboxMessage,
): Promise<void> {
  const now = clock.now();
  const skip = { from: version - 1, to: version, reason: 'unknown-type', by: name, at: isoTime(now) };
  const expiresAt = { N: String(Math.floor(now / 1_000) + retentionDays * 86_400) };
  const Item = { ...skipItem(subject, skip), ...(policy.kind === 'latest' ? {} : { expiresAt }) };
  await dynamodb.send(new PutItemCommand({ TableName: tableName, Item }));
}

interface UnwantedPorts extends LayoutPorts {
  readonly name: string;
  readonly policy: Policy;
  readonly retentionDays: number;
  readonly clock: Clock;
}
