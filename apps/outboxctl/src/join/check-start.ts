import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadStart, writeStart, type Start, type StartFrom } from '@outbox/inbox-dynamodb';
import type { Memories } from '../repeats';
import type { ConsumerOutput, Stack } from '../stack';
import { JoinRefusedError } from './join-refused';

const DAY_MS = 86_400_000;

/** A consumer that is to begin. */
export interface Joining {
  readonly dynamodb: DynamoDBClient;
  readonly stack: Stack;
  readonly name: string;
  readonly consumer: ConsumerOutput;
  readonly memories: Pick<Memories, 'forAge'>;
  readonly from: StartFrom;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether what an older consumer hasn't done by now may be left aside. */
  readonly acceptSkipped: boolean;
}

/**
 * Where the consumer began, if it was told before: the command goes on with that. Undefined: it can begin.
 * @throws JoinRefusedError
 */
export async function checkStart(joining: Joining): Promise<Start | undefined> {
  const { dynamodb, stack, name, consumer, memories, from, now, acceptSkipped } = joining;
  const start = await loadStart({ dynamodb, tableName: consumer.table_name }, stack.event_source);
  if (start) return sameStart(joining, start);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: consumer.table_name }));
  const createdAt = Table?.CreationDateTime?.getTime() ?? now;
  const since = `${name} has been there since ${new Date(createdAt).toISOString()}`;
  if (from === 'now' && createdAt < now - DAY_MS && !acceptSkipped) {
    throw new JoinRefusedError(`${since}: what it has not done by now, it never would, lost or not`, {
      hint: 'outboxctl reconcile names what it lacks. If it is to begin now all the same: --accept-skipped',
    });
  }
  if (
    from === 'beginning' &&
    consumer.policy === 'once' &&
    now - createdAt > ((await memories.forAge(name, now - createdAt)) ?? 0)
  ) {
    throw new JoinRefusedError(`${since}, and would do again what it has forgotten meanwhile`, {
      hint: 'outboxctl replay --from TIME sends it what it remembers.',
    });
  }
  return undefined;
}

/**
 * Writes the start down; returns what holds.
 * @throws JoinRefusedError when it was told something else meanwhile
 */
export async function recordStart(joining: Joining, start: Start): Promise<Start> {
  const { dynamodb, stack, consumer } = joining;
  return sameStart(joining, await writeStart({ dynamodb, tableName: consumer.table_name }, stack.event_source, start));
}

function sameStart({ name, from }: Joining, start: Start): Start {
  if (start.from === from) return start;
  throw new JoinRefusedError(
    `${name} began --from ${start.from} at ${start.at} (${start.by}), and a consumer begins once`,
    { hint: 'To have it begin otherwise, remove it and add it again, or add one of another name.' },
  );
}
