import type { AttributeValue, DynamoDBClient, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { recordingClient } from '@outbox/testing';
import { failedItems } from './failed-items';

describe('failedItems', () => {
  it('reads every page, those without any too', async () => {
    const pages = [[item('o-1')], [], [item('o-2')]];
    const client = recordingClient((input) => {
      const page = Number((input as ScanCommandInput).ExclusiveStartKey?.['pk']?.S ?? 0);
      return { Items: pages[page], ...(page < 2 ? { LastEvaluatedKey: { pk: { S: String(page + 1) } } } : {}) };
    });
    const found: string[] = [];
    for await (const { pk } of failedItems({ dynamodb: client as unknown as DynamoDBClient, tableName: 'outbox' })) {
      found.push(pk);
    }
    expect(found).toEqual(['o-1', 'o-2']);
  });

  it('tells of an item that can’t be read what can be read of it', async () => {
    const { id: _, ...corrupt } = item('o-1');
    const client = recordingClient(() => ({ Items: [corrupt] }));
    const found = [];
    for await (const one of failedItems({ dynamodb: client as unknown as DynamoDBClient, tableName: 'outbox' })) {
      found.push(one);
    }
    expect(found).toEqual([{ pk: 'o-1', sk: 'EVENT#0000000001', failedAt: 'f', failure: 'too often' }]);
  });
});

function item(pk: string) {
  const texts = {
    pk,
    sk: 'EVENT#0000000001',
    entity: 'OutboxEvent',
    id: 'e',
    type: 't',
    committedAt: 'c',
    failedAt: 'f',
    failure: 'too often',
    detail: '{}',
  };
  const attributes = Object.entries(texts).map(([name, S]): [string, AttributeValue] => [name, { S }]);
  return Object.fromEntries([...attributes, ['attempts', { N: '10' }]]);
}
