import type { AwsClients } from './clients';
import { rowsByKey } from './rows';

it('reads every page of a table, texts and numbers, those within maps too', async () => {
  const pages = [
    {
      Items: [{ pk: { S: 'a' }, sk: { S: '1' }, pending: { M: { status: { S: 'claimed' }, attempts: { N: '2' } } } }],
      LastEvaluatedKey: {},
    },
    { Items: [{ pk: { S: 'b' } }, { pk: { S: 'a' }, version: { N: '3' }, list: { L: [] } }] },
  ];
  const dynamodb = { send: () => Promise.resolve(pages.shift()) } as unknown as AwsClients['dynamodb'];
  const rows = await rowsByKey(dynamodb, 'table', (key) => key === 'a');
  expect([...rows]).toEqual([
    [
      'a',
      [
        { pk: 'a', sk: '1', 'pending.status': 'claimed', 'pending.attempts': 2 },
        { pk: 'a', version: 3 },
      ],
    ],
  ]);
});
