import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../proxy/json';
import { testCloud } from '../test-cloud';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const GONE = `${ARN}/stream/2020-01-01T00:00:00.000`;

jest.setTimeout(60_000);

describe('what DynamoDB refuses, in its words where DynamoDB Local has others', () => {
  const directory = mkdtempSync(join(tmpdir(), 'refusals-'));
  const cloud = testCloud(directory);
  const table = {
    TableName: 'orders',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  };
  let created: Json;

  beforeAll(async () => {
    await cloud.start();
    created = await cloud.send('CreateTable', table);
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  const Key = { pk: { S: '1' } };
  const add = (amount: string): Json => ({
    ClientRequestToken: 'once',
    TransactItems: [
      {
        Update: {
          TableName: 'orders',
          Key,
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': { N: amount } },
        },
      },
    ],
  });
  const tag = (...Tags: { Key: string; Value: string }[]) => cloud.send('TagResource', { ResourceArn: ARN, Tags });

  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'the description of a table that is not there',
      () => cloud.send('DescribeTable', { TableName: 'none' }),
      'ResourceNotFoundException',
      'Requested resource not found: Table: none not found',
    ],
    [
      'the end of a table that is not there',
      () => cloud.send('DeleteTable', { TableName: `${ARN.replace('orders', 'none')}` }),
      'ResourceNotFoundException',
      'Requested resource not found: Table: none not found',
    ],
    [
      'an item of a table that is not there',
      () => cloud.send('GetItem', { TableName: 'none', Key }),
      'ResourceNotFoundException',
      'Requested resource not found',
    ],
    [
      'a table that is there already',
      () => cloud.send('CreateTable', table),
      'ResourceInUseException',
      'Table already exists: orders',
    ],
    [
      'a stream that is not there, by the ARN the caller gave',
      () => cloud.call('dynamodbstreams', 'DescribeStream', { StreamArn: GONE }),
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${GONE} not found`,
    ],
    ['a tag that is AWS’s', () => tag({ Key: 'aws:cost', Value: '1' }), 'ValidationException', 'aws:'],
    ['a tag without a key', () => tag({ Key: '', Value: '1' }), 'ValidationException', "at 'tags.1.member.key'"],
    ['a long key', () => tag({ Key: 'k'.repeat(129), Value: '1' }), 'ValidationException', 'equal to 128'],
    ['a long value', () => tag({ Key: 'k', Value: 'v'.repeat(257) }), 'ValidationException', 'equal to 256'],
    [
      'more tags than a table may have',
      () => tag(...Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))),
      'ValidationException',
      '50',
    ],
    [
      'a table with a tag that is AWS’s',
      () => cloud.send('CreateTable', { ...table, TableName: 'tagged', Tags: [{ Key: 'aws:a', Value: '' }] }),
      'ValidationException',
      'aws:',
    ],
  ])('%s', async (_, call, code, message) => {
    await expect(call()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('keeps no tag of a request it refused', async () => {
    expect(await cloud.send('ListTagsOfResource', { ResourceArn: ARN })).toEqual({ Tags: [] });
    await expect(cloud.send('DescribeTable', { TableName: 'tagged' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('says of a token that came with another transaction that it did', async () => {
    await cloud.send('TransactWriteItems', add('1'));
    await cloud.send('TransactWriteItems', add('1'));
    expect(await cloud.send('GetItem', { TableName: 'orders', Key })).toMatchObject({ Item: { n: { N: '1' } } });
    await expect(cloud.send('TransactWriteItems', add('2'))).rejects.toMatchObject({
      code: 'IdempotentParameterMismatchException',
      message: expect.stringContaining('token'),
    });
  });

  it('answers that a new table is being created, and that it is there when asked next', async () => {
    expect(created).toMatchObject({ TableDescription: { TableStatus: 'CREATING' } });
    expect(await cloud.send('DescribeTable', { TableName: 'orders' })).toMatchObject({
      Table: { TableStatus: 'ACTIVE' },
    });
  });
});
