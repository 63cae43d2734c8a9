import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from './json';
import { keyOf, PLACE, specTables, TABLE } from './testing/spec-tables';

const TableName = 'orders';
const KB = 1024;

describe('tables on SQLite', () => {
  const started = () => {
    const spec = specTables();
    spec.call('CreateTable', TABLE);
    const put = (pk: string, sk: number, more: Json = {}) =>
      spec.call('PutItem', { TableName, Item: { ...keyOf(pk, sk), ...more } });
    const get = (pk: string, sk: number) => spec.call('GetItem', { TableName, Key: keyOf(pk, sk) })['Item'];
    return { ...spec, put, get };
  };

  it('are what they were when their file is opened again', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tables-'));
    try {
      const before = specTables(join(directory, 'tables.sqlite'));
      before.call('CreateTable', TABLE);
      before.call('PutItem', { TableName, Item: { ...keyOf('a', 1), g: { S: 'x' } } });
      before.tables.close();
      const { call, tables } = specTables(join(directory, 'tables.sqlite'));

      expect(call('DescribeTable', { TableName })).toMatchObject({ Table: { ItemCount: 1, TableStatus: 'ACTIVE' } });
      const query = { TableName, IndexName: 'by-g', KeyConditionExpression: 'g = :g' };
      expect(call('Query', { ...query, ExpressionAttributeValues: { ':g': { S: 'x' } } })).toMatchObject({
        Items: [{ ...keyOf('a', 1), g: { S: 'x' } }],
      });
      tables.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('keep accounts and regions apart', () => {
    const { tables, call } = started();
    for (const place of [
      { ...PLACE, accountId: '111122223333' },
      { ...PLACE, region: 'eu-west-1' },
    ]) {
      expect(tables.call('ListTables', {}, place)).toEqual({ TableNames: [] });
      expect(() => tables.call('GetItem', { TableName, Key: keyOf('a', 1) }, place)).toThrow('not found');
    }
    expect(call('ListTables', {})).toEqual({ TableNames: [TableName] });
  });

  it('write nothing of a write that fails', () => {
    const { call, put, get } = started();
    put('a', 1, { n: { N: '1' } });
    const update = (pk: string, UpdateExpression: string): Json => ({
      Update: { TableName, Key: keyOf(pk, 1), UpdateExpression, ExpressionAttributeValues: { ':n': { N: '1' } } },
    });
    const transaction = { TransactItems: [update('b', 'SET n = :n'), update('a', 'ADD n.x :n')] };
    expect(() => call('TransactWriteItems', transaction)).toThrow('[None, ValidationError]');
    expect(get('b', 1)).toBeUndefined();
    expect(get('a', 1)).toEqual({ ...keyOf('a', 1), n: { N: '1' } });
  });

  it('do a transaction that comes again once, and tell a token that comes with another', () => {
    const { call, get, clock } = started();
    const add = (n: string): Json => ({
      ClientRequestToken: 'once',
      TransactItems: [
        {
          Update: {
            TableName,
            Key: keyOf('a', 1),
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': { N: n } },
          },
        },
      ],
    });
    call('TransactWriteItems', add('1'));
    call('TransactWriteItems', add('1'));
    expect(get('a', 1)).toMatchObject({ n: { N: '1' } });
    expect(() => call('TransactWriteItems', add('2'))).toThrow('token');
    clock.now += 10 * 60_000 + 1;
    call('TransactWriteItems', add('2'));
    expect(get('a', 1)).toMatchObject({ n: { N: '3' } });
  });

  it('give a query in pages of a megabyte, whatever its filter lets through', () => {
    const { call, put } = started();
    for (let sk = 0; sk < 8; sk += 1) put('a', sk, { d: { S: 'x'.repeat(300 * KB) } });
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: 'attribute_not_exists(d)',
      ExpressionAttributeValues: { ':pk': { S: 'a' } },
    };
    const first = call('Query', query);
    expect(first).toEqual({ Items: [], Count: 0, ScannedCount: 4, LastEvaluatedKey: keyOf('a', 3) });
    const second = call('Query', { ...query, ExclusiveStartKey: first['LastEvaluatedKey'] });
    expect(second).toMatchObject({ ScannedCount: 4, LastEvaluatedKey: keyOf('a', 7) });
    const third = call('Query', { ...query, ExclusiveStartKey: second['LastEvaluatedKey'] });
    expect(third).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
  });

  it('give every item in one segment of a scan', () => {
    const { call, put } = started();
    const all = Array.from({ length: 40 }, (_, index) => `p${index}`);
    for (const pk of all) put(pk, 1);
    const segments = [0, 1, 2].map((Segment) =>
      (call('Scan', { TableName, Segment, TotalSegments: 3 })['Items'] as { pk: { S: string } }[]).map(
        ({ pk }) => pk.S,
      ),
    );
    expect(segments.flat().sort()).toEqual([...all].sort());
    expect(segments.every((segment) => segment.length > 0)).toBe(true);
  });

  it('say what a request consumes, of each index too', () => {
    const { call } = started();
    const put = (more: Json, members: Json) =>
      call('PutItem', { TableName, Item: { ...keyOf('a', 1), ...more }, ...members })['ConsumedCapacity'];
    const d = { S: 'x'.repeat(1500) };
    expect(put({ d, g: { S: 'x' } }, { ReturnConsumedCapacity: 'INDEXES' })).toEqual({
      TableName,
      CapacityUnits: 3,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { 'by-g': { CapacityUnits: 1 } },
    });
    // Moving an entry is a delete and a put.
    expect(put({ g: { S: 'y' } }, { ReturnConsumedCapacity: 'TOTAL' })).toEqual({ TableName, CapacityUnits: 4 });
    const get = { TableName, Key: keyOf('a', 1), ReturnConsumedCapacity: 'TOTAL' };
    expect(call('GetItem', get)).toMatchObject({ ConsumedCapacity: { CapacityUnits: 0.5 } });
    const TransactItems = [{ Get: { TableName, Key: keyOf('a', 1) } }];
    expect(call('TransactGetItems', { TransactItems, ReturnConsumedCapacity: 'TOTAL' })).toMatchObject({
      ConsumedCapacity: [{ TableName, CapacityUnits: 2 }],
    });
  });

  it.each<[string, Json, string]>([
    [
      'an item that is too large',
      { d: { S: 'x'.repeat(400 * KB) } },
      'Item size has exceeded the maximum allowed size',
    ],
    ['two values in one', { d: { S: 'x', N: '1' } }, 'more than one datatypes'],
    ['no value', { d: {} }, 'Supplied AttributeValue is empty'],
    ['a set without elements', { d: { SS: [] } }, 'An string set  may not be empty'],
    ['a set with one element twice', { d: { NS: ['1', '1.0'] } }, 'Input collection contains duplicates'],
    ['bytes that are none', { d: { B: '!' } }, 'Invalid Base64 encoding'],
    ['a false null', { d: { NULL: false } }, 'must have the value of true'],
    ['an index key of another type', { g: { N: '1' } }, 'Type mismatch for Index Key g Expected: S Actual: N'],
    ['an empty index key', { g: { S: '' } }, 'IndexName: by-g, IndexKey: g'],
    ['a deep value', nested(32), 'Nesting Levels have exceeded supported limits'],
  ])('refuse %s', (_, more, message) => {
    const { put } = started();
    expect(() => put('a', 1, more)).toThrow(message);
  });

  it.each<[string, Json, string]>([
    ['ADD to another type', { Action: 'ADD', Value: { N: '1' } }, 'Type mismatch for attribute to update'],
    ['ADD of a list to another type', { Action: 'ADD', Value: { L: [] } }, 'Type mismatch for attribute to update'],
    ['DELETE from another type', { Action: 'DELETE', Value: { NS: ['1'] } }, 'Type mismatch for attribute to update'],
    ['ADD of a text', { Action: 'ADD', Value: { S: 'x' } }, 'ADD action is not supported for the type STRING'],
    [
      'DELETE of a number',
      { Action: 'DELETE', Value: { N: '1' } },
      'DELETE action with value is not supported for the type NUMBER',
    ],
  ])('refuse in AttributeUpdates: %s', (_, d, message) => {
    const { call, put } = started();
    put('a', 1, { d: { SS: ['x'] } });
    const body = { TableName, Key: keyOf('a', 1), AttributeUpdates: { d } };
    expect(() => call('UpdateItem', body)).toThrow(message);
  });

  it('take attributes with the names of what every object has', () => {
    const { put, get, call } = started();
    const Key = keyOf('a', 1);
    expect(get('a', 1)).toBeUndefined();
    const check = { TableName, Key, ConditionExpression: 'attribute_exists(#c)' };
    const inherited = { ...check, ExpressionAttributeNames: { '#c': 'constructor' } };
    expect(() => call('DeleteItem', inherited)).toThrow('The conditional request failed');
    put('a', 1, JSON.parse('{"__proto__":{"S":"x"},"constructor":{"S":"y"}}') as Json);
    expect(JSON.stringify(get('a', 1))).toContain('"__proto__":{"S":"x"}');
    const names = { '#p': '__proto__', '#t': 'toString' };
    const update = { TableName, Key, UpdateExpression: 'SET #t = #p REMOVE #p', ExpressionAttributeNames: names };
    expect(call('UpdateItem', { ...update, ReturnValues: 'ALL_NEW' })).toMatchObject({
      Attributes: { toString: { S: 'x' }, constructor: { S: 'y' } },
    });
  });

  it('fill a new index with what is there, and drop it with its attributes', () => {
    const { put, call } = started();
    put('a', 1, { h: { S: 'x' } });
    const Create = {
      IndexName: 'by-h',
      KeySchema: [{ AttributeName: 'h', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    };
    const AttributeDefinitions = [{ AttributeName: 'h', AttributeType: 'S' }];
    call('UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] });
    expect(call('Scan', { TableName, IndexName: 'by-h' })).toMatchObject({ Count: 1 });
    call('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-h' } }] });
    expect(() => call('Scan', { TableName, IndexName: 'by-h' })).toThrow('does not have the specified index');
    expect(call('DescribeTable', { TableName })).toMatchObject({
      Table: { AttributeDefinitions: TABLE.AttributeDefinitions },
    });
  });

  it('take throughput only where it is provisioned, and only another one', () => {
    const { call } = started();
    const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    const onDemand =
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST';
    const again = { ...TABLE, TableName: 'again', ProvisionedThroughput };
    expect(() => call('CreateTable', again)).toThrow(onDemand);
    expect(() => call('UpdateTable', { TableName, ProvisionedThroughput })).toThrow(onDemand);

    call('UpdateTable', { TableName, BillingMode: 'PROVISIONED', ProvisionedThroughput });
    expect(() => call('UpdateTable', { TableName, ProvisionedThroughput })).toThrow(
      'The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 5. Requested WriteCapacityUnits: 5.',
    );
    const other = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
    expect(call('UpdateTable', { TableName, ProvisionedThroughput: other })).toMatchObject({
      TableDescription: { ProvisionedThroughput: other },
    });
    expect(() =>
      call('UpdateTable', { TableName, BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: other }),
    ).toThrow(onDemand);
  });
});

function nested(levels: number): Json {
  let value: Json = { S: 'x' };
  for (let level = 0; level < levels; level += 1) value = { L: [value] };
  return { d: value };
}
