import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemReader, marshalKey, type Item } from '@outbox/function-kit';
import type { OutboxItem } from '@outbox/outbox-rules';
import type { OutboxTable } from '../table/outbox-table';

/** An event that a run published. */
export type PublishedRef = Pick<OutboxItem, 'pk' | 'sk' | 'id'>;

/** What the sweeper remembers from run to run; one item beside the events, of no aggregate. */
export interface SweeperState {
  /** What the next run's budget follows from, see `usedBudget`. */
  readonly budget: number;
  /** A few of those it did publish and the bus accepted; empty once they were judged. */
  readonly sample: readonly PublishedRef[];
  /** The `now` of the run that the sample is of, ISO-8601. */
  readonly sampledAt: string;
  /** Counts the writes: two runs at once don't overwrite each other. */
  readonly revision: number;
}

const STATE_KEY = { pk: '#sweeper', sk: 'STATE' };
const STATE_ENTITY = 'SweeperState';

/**
 * The state as of the last run, or undefined before the first that had something to do. Strongly consistent.
 * @throws CorruptItemError
 */
export async function readState({ dynamodb, tableName }: OutboxTable): Promise<SweeperState | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(STATE_KEY), ConsistentRead: true }),
  );
  return Item && unmarshalState(tableName, Item);
}

/** Writes the state that follows `previous`. False: another run has written meanwhile, and its word stands. */
export async function writeState(
  { dynamodb, tableName }: OutboxTable,
  { budget, sample, sampledAt }: Omit<SweeperState, 'revision'>,
  previous: SweeperState | undefined,
): Promise<boolean> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: tableName,
        Item: marshalState({ budget, sample, sampledAt, revision: (previous?.revision ?? 0) + 1 }),
        ...(previous
          ? {
              ConditionExpression: 'revision = :seen',
              ExpressionAttributeValues: { ':seen': { N: String(previous.revision) } },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function marshalState({ budget, sample, sampledAt, revision }: SweeperState): Item {
  return {
    ...marshalKey(STATE_KEY),
    entity: { S: STATE_ENTITY },
    budget: { N: String(budget) },
    sample: { L: sample.map(({ id, ...key }) => ({ M: { ...marshalKey(key), id: { S: id } } })) },
    sampledAt: { S: sampledAt },
    revision: { N: String(revision) },
  };
}

function unmarshalState(table: string, item: Item): SweeperState {
  const read = itemReader(table, item);
  return {
    budget: read.number('budget'),
    sample: read.maps('sample').map((ref) => ({ pk: ref.text('pk'), sk: ref.text('sk'), id: ref.text('id') })),
    sampledAt: read.text('sampledAt'),
    revision: read.number('revision'),
  };
}
