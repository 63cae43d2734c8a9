import type { Json } from '../json';
import { keyOf, PLACE, specTables, TABLE } from '../testing/spec-tables';

const TableName = 'orders';
const MINUTE_MS = 60_000;

interface Page {
  readonly Records: readonly { readonly eventName: string; readonly dynamodb: Json; readonly userIdentity?: Json }[];
  readonly NextShardIterator?: string;
}

describe('streams on SQLite', () => {
  const started = () => {
    const spec = specTables();
    const { TableDescription } = spec.call('CreateTable', TABLE);
    const StreamArn = String((TableDescription as Json)['LatestStreamArn']);
    const put = (pk: string, more: Json = {}) =>
      spec.call('PutItem', { TableName, Item: { ...keyOf(pk, 1), ...more } });
    const describe = () => spec.call('DescribeStream', { StreamArn })['StreamDescription'] as Json;
    const iterator = (position: Json = { ShardIteratorType: 'TRIM_HORIZON' }): string => {
      const [shard] = describe()['Shards'] as { ShardId: string }[];
      return String(
        spec.call('GetShardIterator', { StreamArn, ShardId: shard?.ShardId, ...position })['ShardIterator'],
      );
    };
    const read = (ShardIterator = iterator(), more: Json = {}) =>
      spec.call('GetRecords', { ShardIterator, ...more }) as unknown as Page;
    return { ...spec, StreamArn, put, describe, iterator, read };
  };

  it('tell inserts, changes and removals, and nothing of what changes nothing', () => {
    const { put, call, read } = started();
    put('a');
    put('a');
    put('a', { n: { N: '1' } });
    call('DeleteItem', { TableName, Key: keyOf('a', 1) });
    call('DeleteItem', { TableName, Key: keyOf('a', 1) });
    const images = read().Records.map(({ eventName, dynamodb: { NewImage, OldImage } }) => [
      eventName,
      NewImage,
      OldImage,
    ]);
    const [before, after] = [keyOf('a', 1), { ...keyOf('a', 1), n: { N: '1' } }];
    expect(images).toEqual([
      ['INSERT', before, undefined],
      ['MODIFY', after, before],
      ['REMOVE', undefined, after],
    ]);
  });

  it('are read from where an iterator stands', () => {
    const { put, read, iterator } = started();
    for (const pk of ['a', 'b', 'c']) put(pk);
    const latest = iterator({ ShardIteratorType: 'LATEST' });
    const first = read(iterator(), { Limit: 1 });
    const [a, b] = read().Records;
    const keysFrom = (position: Json) =>
      read(iterator(position)).Records.map(({ dynamodb }) => (dynamodb['Keys'] as { pk: { S: string } }).pk.S);
    put('d');

    expect(first.Records).toEqual([a]);
    expect(read(first.NextShardIterator).Records[0]).toEqual(b);
    const SequenceNumber = b?.dynamodb['SequenceNumber'];
    expect(keysFrom({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber })).toEqual(['b', 'c', 'd']);
    expect(keysFrom({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).toEqual(['c', 'd']);
    expect(read(latest).Records).toHaveLength(1);
  });

  it('give an iterator fifteen minutes, and a record a day', () => {
    const { put, read, iterator, clock } = started();
    put('old');
    const old = iterator();
    clock.now += 15 * MINUTE_MS + 1;
    expect(() => read(old)).toThrow('15 minutes');
    clock.now += 23 * 60 * MINUTE_MS;
    put('new');
    expect(read().Records).toHaveLength(2);
    clock.now += 60 * MINUTE_MS;
    expect(read().Records.map(({ dynamodb }) => dynamodb['Keys'])).toEqual([keyOf('new', 1)]);
  });

  it('order a transaction’s records in any way', () => {
    const { call, read } = started();
    for (let pair = 0; pair < 20; pair += 1) {
      const part = (pk: string) => ({ Put: { TableName, Item: keyOf(pk, pair) } });
      call('TransactWriteItems', { TransactItems: [part('a'), part('b')] });
    }
    const keys = read().Records.map(({ dynamodb }) => dynamodb['Keys'] as { pk: { S: string }; sk: { N: string } });
    expect(keys.map(({ sk }) => sk.N)).toEqual(Array.from({ length: 40 }, (_, index) => String(index >> 1)));
    expect(new Set(keys.filter((_, index) => index % 2 === 0).map(({ pk }) => pk.S))).toEqual(new Set(['a', 'b']));
  });

  it('say who deleted an expired item, if it had not changed', () => {
    const { put, tables, read } = started();
    put('a', { expiresAt: { N: '1' } });
    const by = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' };
    const expire = (seen: string) =>
      tables.expireItem(
        {
          TableName,
          Key: keyOf('a', 1),
          ConditionExpression: 'expiresAt = :seen',
          ExpressionAttributeValues: { ':seen': { N: seen } },
        },
        PLACE,
        by,
      );
    expect(expire('2')).toBe(false);
    expect(expire('1')).toBe(true);
    expect(read().Records.at(-1)).toMatchObject({ eventName: 'REMOVE', userIdentity: by });
  });

  it('end when they are switched off or their table goes; the next one is another', () => {
    const { put, call, read, describe, tables, StreamArn } = started();
    put('a');
    expect(tables.streamOf(PLACE, TableName)).toBe(StreamArn);
    call('UpdateTable', { TableName, StreamSpecification: { StreamEnabled: false } });
    put('b');
    expect(tables.streamOf(PLACE, TableName)).toBeUndefined();
    expect(describe()).toMatchObject({ StreamStatus: 'DISABLED' });
    expect(read()).toEqual({ Records: [expect.objectContaining({ eventName: 'INSERT' })] });
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' };
    const { TableDescription } = call('UpdateTable', { TableName, StreamSpecification });
    expect((TableDescription as Json)['LatestStreamArn']).not.toBe(StreamArn);
    expect(call('ListStreams', { TableName })['Streams']).toHaveLength(2);
  });
});
