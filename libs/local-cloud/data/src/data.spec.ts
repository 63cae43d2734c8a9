import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '@outbox/local-cloud-kernel';
import { TABLE_ENGINES } from './engine/table-engine';
import { specCloud } from './testing/spec-cloud';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/own';
const HOUR_MS = 3_600_000;

jest.setTimeout(60_000);

describe.each(TABLE_ENGINES)('DynamoDB of the local cloud, over %s', (tables) => {
  const directory = mkdtempSync(join(tmpdir(), 'data-'));
  let cloud: ReturnType<typeof specCloud>;
  let streamArn: string;

  beforeAll(async () => {
    cloud = specCloud(directory, tables);
    await cloud.start();
    const { TableDescription: table } = await cloud.call('dynamodb', 'CreateTable', {
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'slot'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'unpublished',
          KeySchema: [{ AttributeName: 'slot', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { Enabled: true },
      Tags: [{ Key: 'project', Value: 'outbox' }],
    });
    streamArn = table?.LatestStreamArn ?? '';
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  const put = (sk: string, more: Record<string, unknown> = {}) => ({
    Put: { TableName: 'orders', Item: { pk: { S: 'ORDER#1' }, sk: { S: sk }, ...more } },
  });
  /** Every record that is in the stream now. */
  const records = async () => {
    const { StreamDescription: stream } = await cloud.call('dynamodbstreams', 'DescribeStream', {
      StreamArn: streamArn,
    });
    const { ShardIterator } = await cloud.call('dynamodbstreams', 'GetShardIterator', {
      StreamArn: streamArn,
      ShardId: stream?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    return (await cloud.call('dynamodbstreams', 'GetRecords', { ShardIterator })).Records ?? [];
  };
  const sortKeys = async () => (await records()).map(({ dynamodb }) => dynamodb?.Keys?.['sk']?.S);

  it('describes a table in the caller’s account and region, with what DynamoDB Local leaves out', async () => {
    const { Table: table } = await cloud.call('dynamodb', 'DescribeTable', { TableName: 'orders' });

    expect(table).toMatchObject({
      TableArn: ARN,
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'alias/aws/dynamodb' },
      GlobalSecondaryIndexes: [{ IndexArn: `${ARN}/index/unpublished`, IndexStatus: 'ACTIVE' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: false,
    });
    expect(table?.CreationDateTime).toBeInstanceOf(Date);
    expect(table?.ProvisionedThroughput).not.toHaveProperty('LastIncreaseDateTime');
    expect(streamArn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/orders\/stream\/20/);
  });

  it('keeps tags, time to live and recovery as Terraform sets and reads them', async () => {
    await cloud.send('UpdateTimeToLive', {
      TableName: 'orders',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    await cloud.send('UpdateContinuousBackups', {
      TableName: 'orders',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    await cloud.send('TagResource', { ResourceArn: ARN, Tags: [{ Key: 'stage', Value: 'dev' }] });
    await cloud.send('UntagResource', { ResourceArn: ARN, TagKeys: ['project'] });

    expect(await cloud.send('DescribeTimeToLive', { TableName: 'orders' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
    expect(await cloud.send('DescribeContinuousBackups', { TableName: ARN })).toMatchObject({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 },
      },
    });
    expect(await cloud.send('ListTagsOfResource', { ResourceArn: ARN })).toEqual({
      Tags: [{ Key: 'stage', Value: 'dev' }],
    });
    await cloud.send('UpdateTable', { TableName: 'orders', DeletionProtectionEnabled: true });
    await expect(cloud.send('DeleteTable', { TableName: 'orders' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    await cloud.send('UpdateTable', { TableName: 'orders', DeletionProtectionEnabled: false });
    await expect(
      cloud.send('UpdateTable', { TableName: 'orders', ReplicaUpdates: [{ Create: { RegionName: 'eu-west-1' } }] }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('wakes who waits for the stream, and has the records by then', async () => {
    const woken = cloud.signals.wait(streamArn, 5_000).then(async (notified) => ({ notified, keys: await sortKeys() }));
    await cloud.send('TransactWriteItems', { TransactItems: [put('ORDER'), put('EVENT#1', { raw: { B: 'AAEC' } })] });

    const { notified, keys } = await woken;
    expect([notified, keys.sort()]).toEqual([true, ['EVENT#1', 'ORDER']]);
  });

  it('streams the changes of one transaction in any order', async () => {
    for (let pair = 0; pair < 12; pair += 1) {
      await cloud.send('TransactWriteItems', { TransactItems: [put(`A#${pair}`), put(`B#${pair}`)] });
    }
    const order = (await sortKeys()).filter((sk) => /^[AB]#/.test(sk ?? ''));
    const firsts = order.filter((_, index) => index % 2 === 0).map((sk) => sk?.[0]);
    expect(new Set(firsts)).toEqual(new Set(['A', 'B']));
    expect(order.map((sk) => sk?.slice(2))).toEqual(Array.from({ length: 24 }, (_, index) => String(index >> 1)));
  });

  it('gives records to callers inside the engine in the SDK’s shapes', async () => {
    const event = (await records()).find(({ dynamodb }) => dynamodb?.Keys?.['sk']?.S === 'EVENT#1');

    expect(event).toMatchObject({ eventName: 'INSERT', awsRegion: 'us-east-1', eventSource: 'aws:dynamodb' });
    expect(event?.dynamodb?.NewImage?.['raw']?.B).toEqual(Uint8Array.from([0, 1, 2]));
    expect(event?.dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date);
  });

  it('wakes nobody when nothing was written, and passes DynamoDB’s reasons on', async () => {
    const waiting = new AbortController();
    const woken = cloud.signals.wait(streamArn, 60_000, waiting.signal);
    const again = put('ORDER');
    const condition = {
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    const error: unknown = await cloud
      .send('TransactWriteItems', { TransactItems: [{ Put: { ...again.Put, ...condition } }, put('EVENT#2')] })
      .catch((cause: unknown) => cause);
    waiting.abort();

    expect(await woken).toBe(false);
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      code: 'TransactionCanceledException',
      status: 400,
      members: {
        CancellationReasons: [
          { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'ORDER#1' }, sk: { S: 'ORDER' } } },
          { Code: 'None' },
        ],
      },
    });
  });

  it('asks for the documented permissions, part by part', async () => {
    cloud.asked.length = 0;
    const key = { pk: { S: 'ORDER#1' }, sk: { S: 'ORDER' } };
    await cloud.send('TransactWriteItems', {
      TransactItems: [
        { ConditionCheck: { TableName: 'orders', Key: key, ConditionExpression: 'attribute_exists(pk)' } },
        put('EVENT#3'),
      ],
    });
    await cloud.send('Query', {
      TableName: ARN,
      IndexName: 'unpublished',
      KeyConditionExpression: 'slot = :s',
      ExpressionAttributeValues: { ':s': { S: 's0' } },
    });
    const conditions = { 'dynamodb:EnclosingOperation': 'TransactWriteItems', 'dynamodb:LeadingKeys': ['ORDER#1'] };

    expect(cloud.asked.map(({ requirement }) => requirement)).toEqual([
      { action: 'dynamodb:ConditionCheckItem', resource: ARN, conditions },
      { action: 'dynamodb:PutItem', resource: ARN, conditions },
      { action: 'dynamodb:Query', resource: `${ARN}/index/unpublished` },
    ]);
  });

  it('refuses what can’t be read: half of a surrogate pair, names without end', async () => {
    const get = (name: string) =>
      cloud.send('GetItem', { TableName: 'orders', Key: { pk: { S: name }, sk: { S: 'ORDER' } } });
    await expect(get('\ud800')).rejects.toMatchObject({ code: 'SerializationException' });
    expect(await get('\ud83d\ude00 \\ud800')).toEqual({});
    const ExpressionAttributeNames = { [`#${'n'.repeat(50_000)}`]: 'sk' };
    const Key = { pk: { S: '1' }, sk: { S: 'ORDER' } };
    const code = tables === 'sqlite' ? 'ValidationException' : 'SerializationException';
    await expect(cloud.send('GetItem', { TableName: 'orders', Key, ExpressionAttributeNames })).rejects.toMatchObject({
      code,
    });
  });

  it('keeps accounts apart', async () => {
    await expect(cloud.send('DescribeTable', { TableName: 'orders' }, '111122223333')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await cloud.send('ListTables', {}, '111122223333')).toEqual({ TableNames: [] });
    await expect(cloud.send('GetItem', { TableName: ARN, Key: {} }, '111122223333')).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
  });

  it('has everything again after a restart', async () => {
    const before = await sortKeys();
    await cloud.stop();
    cloud = specCloud(directory, tables);
    await cloud.start();

    expect(await sortKeys()).toEqual(before);
    expect(await cloud.send('DescribeTimeToLive', { TableName: 'orders' })).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'expiresAt' },
    });
  });

  it('deletes what expired by the engine’s clock, and the stream says who did it', async () => {
    const expiresAt = { N: String(Math.floor(cloud.clock.now() / 1000) + 7_200) };
    await cloud.send('TransactWriteItems', {
      TransactItems: [put('SOON', { expiresAt }), put('TEXT', { expiresAt: { S: '1' } })],
    });
    const read = async (sk: string) =>
      (await cloud.send('GetItem', { TableName: 'orders', Key: { pk: { S: 'ORDER#1' }, sk: { S: sk } } }))['Item'];

    const deleted = cloud.signals.wait(streamArn, 24 * HOUR_MS);
    cloud.clock.advance(HOUR_MS);
    expect(await read('SOON')).toBeDefined();
    cloud.clock.advance(2 * HOUR_MS);
    // The first look found when the item expires, and the next one comes due with the jump or a minute after it.
    const ticks = setInterval(() => cloud.clock.advance(60_000), 50);
    expect(await deleted).toBe(true);
    clearInterval(ticks);

    expect(await read('SOON')).toBeUndefined();
    expect(await read('TEXT')).toBeDefined();
    const removal = (await records()).find(({ eventName }) => eventName === 'REMOVE');
    expect(removal).toMatchObject({
      dynamodb: { Keys: { sk: { S: 'SOON' } } },
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
    });
    await cloud.send('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'ORDER#1' }, sk: { S: 'TEXT' } } });
    const byHand = (await records()).findLast(({ eventName }) => eventName === 'REMOVE');
    expect(byHand?.dynamodb?.Keys?.['sk']?.S).toBe('TEXT');
    expect(byHand).not.toHaveProperty('userIdentity');
  });

  it('dates records by the engine’s clock when they were written, and drops them a day later', async () => {
    const ageOf = async (sk: string): Promise<number | undefined> => {
      const found = (await records()).find(({ dynamodb }) => dynamodb?.Keys?.['sk']?.S === sk);
      const at = found?.dynamodb?.ApproximateCreationDateTime;
      return at && cloud.clock.now() - at.getTime();
    };
    await cloud.send('TransactWriteItems', { TransactItems: [put('OLD')] });
    cloud.clock.advance(20 * HOUR_MS);
    await cloud.send('TransactWriteItems', { TransactItems: [put('NEW')] });

    expect(((await ageOf('OLD')) ?? 0) / HOUR_MS).toBeCloseTo(20, 1);
    expect(((await ageOf('NEW')) ?? Infinity) / HOUR_MS).toBeCloseTo(0, 1);
    cloud.clock.advance(5 * HOUR_MS);
    expect(await sortKeys()).toEqual(['NEW']);
  });

  it('needs a customer’s key of whoever makes, reads or writes the table, and gives its grant back', async () => {
    const asked = async (operation: string, body: Record<string, unknown>): Promise<string[]> => {
      cloud.asked.length = 0;
      await cloud.send(operation, { TableName: 'secrets', ...body });
      return cloud.asked.map(({ requirement: { action } }) => action);
    };
    const create = {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY_ARN },
    };
    expect(await asked('CreateTable', create)).toEqual([
      'dynamodb:CreateTable',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:Decrypt',
      'kms:CreateGrant',
    ]);
    expect(await cloud.send('DescribeTable', { TableName: 'secrets' })).toMatchObject({
      Table: { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: KEY_ARN } },
    });
    const item = { pk: { S: 'x' } };
    expect(await asked('PutItem', { Item: item })).toEqual(['dynamodb:PutItem', 'kms:Decrypt']);
    expect(await asked('GetItem', { Key: item })).toEqual(['dynamodb:GetItem', 'kms:Decrypt']);
    expect(await asked('UpdateTable', { SSESpecification: { Enabled: false } })).toContain('kms:RetireGrant');
    expect(await asked('GetItem', { Key: item })).toEqual(['dynamodb:GetItem']);
    expect(await asked('DeleteTable', {})).toEqual(['dynamodb:DeleteTable']);
  });
});
