import { eventually } from '@outbox/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TABLE_ENGINES } from '../engine/table-engine';
import { objectAt, objectsAt, type Json } from '../proxy/json';
import { specCloud } from '../testing/spec-cloud';

jest.setTimeout(60_000);

describe.each(TABLE_ENGINES)('limits of on-demand tables and indexes, over %s', (tables) => {
  const directory = mkdtempSync(join(tmpdir(), 'index-throughput-'));
  const cloud = specCloud(directory, tables);
  const limit = (units: number): Json => ({ MaxReadRequestUnits: units, MaxWriteRequestUnits: units });
  const attributes = (...names: readonly string[]): Json[] =>
    names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
  const index = (name: string, key: string, more: Json = {}): Json => ({
    IndexName: name,
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
    ...more,
  });
  /** What the table says of its indexes' limits. */
  const limits = async (): Promise<Json> => {
    const table = objectAt(await cloud.send('DescribeTable', { TableName: 'events' }), 'Table');
    const indexes = objectsAt(table, 'GlobalSecondaryIndexes');
    return Object.fromEntries(indexes.map((one) => [String(one['IndexName']), one['OnDemandThroughput']]));
  };
  const areActive = () =>
    eventually(async () => {
      const table = objectAt(await cloud.send('DescribeTable', { TableName: 'events' }), 'Table');
      expect(objectsAt(table, 'GlobalSecondaryIndexes').map((one) => one['IndexStatus'])).not.toContain('CREATING');
    });
  const update = (...GlobalSecondaryIndexUpdates: readonly Json[]): Promise<Json> =>
    cloud.send('UpdateTable', {
      TableName: 'events',
      AttributeDefinitions: attributes('pk', 'due', 'other'),
      GlobalSecondaryIndexUpdates,
    });

  beforeAll(() => cloud.start());
  beforeEach(() =>
    cloud.send('CreateTable', {
      TableName: 'events',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes('pk', 'due'),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [index('unpublished', 'due', { OnDemandThroughput: limit(20) })],
    }),
  );
  afterEach(() => cloud.send('DeleteTable', { TableName: 'events' }));
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  it('are changed beside a time to live that is set meanwhile', async () => {
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expiresAt' };
    await Promise.all([
      update({ Update: { IndexName: 'unpublished', OnDemandThroughput: limit(30) } }),
      cloud.send('UpdateTimeToLive', { TableName: 'events', TimeToLiveSpecification }),
    ]);
    expect(await limits()).toEqual({ unpublished: limit(30) });
    const { TimeToLiveDescription } = await cloud.send('DescribeTimeToLive', { TableName: 'events' });
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt' });
  });

  it('are told as they were given, changed by themselves, and taken away by -1', async () => {
    expect(await limits()).toEqual({ unpublished: limit(20) });
    await update({ Update: { IndexName: 'unpublished', OnDemandThroughput: limit(30) } });
    expect(await limits()).toEqual({ unpublished: limit(30) });
    await update({ Update: { IndexName: 'unpublished', OnDemandThroughput: { MaxReadRequestUnits: 40 } } });
    expect(await limits()).toEqual({ unpublished: { ...limit(30), MaxReadRequestUnits: 40 } });
    await update({ Update: { IndexName: 'unpublished', OnDemandThroughput: limit(-1) } });
    expect(await limits()).toEqual({ unpublished: undefined });
  });

  it('of the table follow the same rules', async () => {
    const set = async (OnDemandThroughput: Json): Promise<unknown> => {
      await cloud.send('UpdateTable', { TableName: 'events', OnDemandThroughput });
      return objectAt(await cloud.send('DescribeTable', { TableName: 'events' }), 'Table')['OnDemandThroughput'];
    };
    expect(await set(limit(20))).toEqual(limit(20));
    expect(await set({ MaxWriteRequestUnits: -1 })).toEqual({ MaxReadRequestUnits: 20 });
    expect(await set({ MaxReadRequestUnits: -1 })).toBeUndefined();
  });

  it('are at least 1 where nothing can be taken away', async () => {
    const create = (OnDemandThroughput: Json) =>
      cloud.send('CreateTable', {
        TableName: 'others',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes('pk'),
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        OnDemandThroughput,
      });
    await expect(create(limit(-1))).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        'One or more parameter values were invalid: Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range',
    });
    await expect(cloud.send('UpdateTable', { TableName: 'events', OnDemandThroughput: limit(0) })).rejects.toThrow(
      'MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range',
    );
    await expect(update({ Update: { IndexName: 'unpublished', OnDemandThroughput: limit(0) } })).rejects.toThrow(
      'MaxReadRequestUnits for OnDemandThroughput for index unpublished is outside of valid range',
    );
    expect(await limits()).toEqual({ unpublished: limit(20) });
  });

  it('come and go with an index', async () => {
    await update({ Create: index('others', 'other', { OnDemandThroughput: limit(5) }) });
    expect(await limits()).toEqual({ unpublished: limit(20), others: limit(5) });
    await areActive();
    await update({ Delete: { IndexName: 'others' } });
    await eventually(async () => expect(Object.keys(await limits())).toEqual(['unpublished']));
    await update({ Create: index('others', 'other') });
    expect(await limits()).toEqual({ unpublished: limit(20), others: undefined });
    await areActive();
  });

  it('belong to an index that the table has', async () => {
    await expect(update({ Update: { IndexName: 'none', OnDemandThroughput: limit(5) } })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await limits()).toEqual({ unpublished: limit(20) });
  });
});
