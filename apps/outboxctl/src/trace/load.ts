import { QueryCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NotFoundError } from '@outbox/cli-kit';
import type { Item } from '@outbox/function-kit';
import { subjectKey } from '@outbox/inbox-dynamodb';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import { keyOfAggregate, subjectOf } from '../aggregate-key';
import { subscribes, type Stack } from '../stack';
import { readAggregateState, readConsumerSubject, type ConsumerSubject, type ReadCount } from '../tables';
import { buildTrace, type Trace } from './timeline';

/**
 * One consistent Query on the outbox table plus one per consumer that listens to the aggregate type.
 * @throws NotFoundError when the outbox table holds nothing of the aggregate; CorruptItemError
 */
export async function loadTrace(dynamodb: DynamoDBClient, stack: Stack, about: AggregateId): Promise<Trace> {
  const [items, consumers] = await Promise.all([
    partition(dynamodb, stack.outbox_table_name, keyOfAggregate(about)),
    loadConsumers(dynamodb, stack, about),
  ]);
  if (items.length === 0) {
    throw new NotFoundError(`no ${formatAggregateId(about)} in table ${stack.outbox_table_name}`);
  }
  const state = readAggregateState(stack.outbox_table_name, items);
  for (const error of [...state.corrupt, ...consumers.flatMap(({ corrupt }) => corrupt ?? [])]) throw error;
  return buildTrace(about, state, consumers);
}

/** What every consumer that listens to an aggregate's type holds of it; `read` counts what was read. */
export function loadConsumers(
  dynamodb: DynamoDBClient,
  stack: Stack,
  about: AggregateId,
  read?: ReadCount,
): Promise<ConsumerSubject[]> {
  const listening = Object.entries(stack.consumers).filter(([, output]) => subscribes(output, about.aggregate));
  return Promise.all(
    listening.map(async ([name, output]) => {
      const key = subjectKey(subjectOf(stack, about));
      return readConsumerSubject(name, output, await partition(dynamodb, output.table_name, key, read));
    }),
  );
}

/** Every item of a partition, read consistently, or only some attributes of each; `read` counts it. */
export async function partition(
  dynamodb: DynamoDBClient,
  table: string,
  key: string,
  read: ReadCount = { items: 0, capacityUnits: 0 },
  attributes: readonly string[] = [],
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: key } },
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...projectionOf(attributes),
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    read.items += page.Count ?? 0;
    read.capacityUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

/** Asks for these attributes alone, by placeholders: some of the names are words of DynamoDB's own. None: all. */
export function projectionOf(attributes: readonly string[]) {
  if (attributes.length === 0) return {};
  return {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
}
