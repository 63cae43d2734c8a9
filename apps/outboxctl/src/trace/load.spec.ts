import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { recordingClient } from '@outbox/testing';
import { partition } from './load';

describe('partition', () => {
  it('reads every page consistently and counts what it read', async () => {
    const client = recordingClient((input) => {
      const { ExclusiveStartKey: start, ConsistentRead } = input as QueryCommandInput;
      expect(ConsistentRead).toBe(true);
      const sk = start ? 'EVENT#2' : 'EVENT#1';
      const more = start ? {} : { LastEvaluatedKey: { pk: { S: 'o' }, sk: { S: sk } } };
      return {
        Items: [{ pk: { S: 'o' }, sk: { S: sk } }],
        Count: 1,
        ConsumedCapacity: { CapacityUnits: 0.5 },
        ...more,
      };
    });
    const read = { items: 0, capacityUnits: 0 };
    const items = await partition(client as unknown as DynamoDBClient, 'outbox', 'o', read);
    expect(items.map(({ sk }) => sk?.S)).toEqual(['EVENT#1', 'EVENT#2']);
    expect(read).toEqual({ items: 2, capacityUnits: 1 });
  });
});
