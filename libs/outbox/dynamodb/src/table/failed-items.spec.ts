import type { DynamoDBClient, ScanCommandInput } from '@aws-sdk/client-dynamodb';
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
    for await (const { pk } of failedItems({ dynamodb: client as unknown as DynamoDBClient, tableName: 'orders' })) {
      found.push(pk);
    }
    expect(found).toEqual(['o-1', 'o-2']);
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
    detail: '{}',
  };
  const attributes = Object.entries(texts).map(([name, S]) => [name, { S }]);
  return { ...(Object.fromEntries(attributes) as object), attempts: { N: '10' } };
}
