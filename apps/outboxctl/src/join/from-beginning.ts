import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import { formatAggregateId } from '../aggregate-id';
import { forEachAggregate } from '../reconcile/each-aggregate';
import type { Archive } from '../replay/archive';
import { subscribes, type ConsumerOutput, type Stack } from '../stack';
import type { AggregateState } from '../tables';
import { JoinRefusedError } from './join-refused';

const DAY_MS = 86_400_000;

/** The time from which on an archive holds all that came to the bus; epoch milliseconds. */
export function holdsSince({ createdAt, retentionDays }: Archive, now: number): number {
  return Math.max(createdAt, retentionDays === 0 ? 0 : now - retentionDays * DAY_MS);
}

/**
 * Looks whether the archive holds the first event of every aggregate that a consumer listens to; then it holds the later
 * ones, too. Returns how many aggregates there are.
 * @throws JoinRefusedError naming an aggregate whose beginning is gone
 */
export async function checkBeginnings(
  dynamodb: DynamoDBClient,
  stack: Stack,
  consumer: ConsumerOutput,
  { since, progress, stop }: { since: number; progress: (aggregates: number) => void; stop: AbortSignal },
): Promise<number> {
  let aggregates = 0;
  let gone = 0;
  let example = '';
  const table = { dynamodb, tableName: stack.outbox_table_name };
  const read = { items: 0, capacityUnits: 0 };
  await forEachAggregate(table, { read, part: undefined, stop }, async ({ about, state }) => {
    if (!subscribes(consumer, about.aggregate) || !state.head) return;
    aggregates += 1;
    progress(aggregates);
    const began = beginningOf(state);
    if (began !== undefined && Date.parse(began) >= since) return;
    gone += 1;
    example ||= `${formatAggregateId(about)} (${began === undefined ? 'at a time that nobody knows' : began})`;
  });
  if (gone === 0) return aggregates;
  const holds = new Date(since).toISOString();
  throw new JoinRefusedError(
    `the archive holds what came to the bus since ${holds}: event 1 of ${gone} of ${aggregates} aggregates came before, such as that of ${example}`,
    {
      hint: 'Have the consumer begin --from now. What it needs of older aggregates it can read from your own tables, once, by itself.',
    },
  );
}

/** When the first event of an aggregate was committed, ISO-8601. */
function beginningOf({ head, events }: AggregateState): string | undefined {
  return head?.beganAt ?? events.find((event) => sequenceOf(event) === 1)?.committedAt;
}
