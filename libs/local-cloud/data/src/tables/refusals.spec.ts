import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TABLE_ENGINES } from '../engine/table-engine';
import type { Json } from '../proxy/json';
import { specCloud } from '../testing/spec-cloud';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const GONE = `${ARN}/stream/2020-01-01T00:00:00.000`;

jest.setTimeout(60_000);

describe.each(TABLE_ENGINES)('what DynamoDB refuses, in its words, over %s', (tables) => {
  const directory = mkdtempSync(join(tmpdir(), 'refusals-'));
  const cloud = specCloud(directory, tables);
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
    await cloud.send('CreateTable', indexed);
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
  const indexed = {
    ...table,
    TableName: 'indexed',
    AttributeDefinitions: ['pk', 'sk', 'other'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [...table.KeySchema, { AttributeName: 'sk', KeyType: 'RANGE' }],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-other',
        KeySchema: [...table.KeySchema, { AttributeName: 'other', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
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
    [
      'what a put can’t return, before it looks for the table',
      () => cloud.send('PutItem', { TableName: 'none', Item: Key, ReturnValues: 'ALL_NEW' }),
      'ValidationException',
      'ReturnValues can only be ALL_OLD or NONE',
    ],
    [
      'a key of another type',
      () => cloud.send('GetItem', { TableName: 'orders', Key: { pk: { N: '1' } } }),
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    [
      'a key with more than the table’s',
      () => cloud.send('DeleteItem', { TableName: 'orders', Key: { ...Key, sk: { S: '1' } } }),
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    [
      'metrics of item collections that there would be',
      () =>
        cloud.send('PutItem', {
          TableName: 'indexed',
          Item: { ...Key, sk: { S: '1' } },
          ReturnItemCollectionMetrics: 'SIZE',
        }),
      'UnsupportedOperation',
      'ReturnItemCollectionMetrics',
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

  it('takes an attribute’s update without an action for a put', async () => {
    const AttributeUpdates = { note: { Value: { S: 'new' } } };
    const update = { TableName: 'orders', Key: { pk: { S: 'legacy' } }, AttributeUpdates, ReturnValues: 'ALL_NEW' };
    expect(await cloud.send('UpdateItem', update)).toMatchObject({ Attributes: { note: { S: 'new' } } });
  });

  it('has no metrics of item collections where there is no local index', async () => {
    const put = { TableName: 'orders', Item: { pk: { S: 'plain' } }, ReturnItemCollectionMetrics: 'SIZE' };
    expect(await cloud.send('PutItem', put)).toEqual({});
  });

  // DynamoDB API reference, TransactionCanceledException, "Validation Error".
  it('cancels a transaction that an item can’t take, and says which', async () => {
    const set = (pk: string, UpdateExpression: string): Json => ({
      Update: {
        TableName: 'orders',
        Key: { pk: { S: pk } },
        UpdateExpression,
        ...(UpdateExpression.includes(':n') ? { ExpressionAttributeValues: { ':n': { N: '1' } } } : {}),
      },
    });
    const put = (pk: string): Json => ({
      Put: { TableName: 'orders', Item: { pk: { S: pk }, tags: { SS: ['a'] } } },
    });
    await cloud.send('TransactWriteItems', { TransactItems: [put('tagged')] });
    const none = { Code: 'None' };
    const cancelled = (TransactItems: Json[]) => cloud.send('TransactWriteItems', { TransactItems });
    await expect(cancelled([put('x'), set('tagged', 'ADD tags :n')])).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]',
      members: {
        CancellationReasons: [
          none,
          { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
        ],
      },
    });
    const Message = 'The provided expression refers to an attribute that does not exist in the item';
    await expect(
      cancelled([set('y', 'SET n = :n'), set('tagged', 'SET a = b'), set('z', 'SET n = :n')]),
    ).rejects.toMatchObject({
      members: { CancellationReasons: [none, { Code: 'ValidationError', Message }, none] },
    });
    const Keys = ['x', 'y', 'z'].map((pk) => ({ pk: { S: pk } }));
    const { Responses } = await cloud.send('BatchGetItem', { RequestItems: { orders: { Keys } } });
    expect(Responses).toEqual({ orders: [] });
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
