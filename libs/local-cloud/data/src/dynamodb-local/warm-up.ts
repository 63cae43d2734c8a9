import { AwsError, type EngineLog } from '@outbox/local-cloud-kernel';
import { objectAt, objectsAt, textAt } from '../proxy/json';
import type { Api, LocalClient } from './local-client';

/** No account has this number: its database is nobody's. */
const PLACE = { accountId: 'warmup', region: 'local' };
const TABLE = 'warm-up';
const ROUNDS = 20;

/**
 * Runs what an order costs a few times against a table of nobody's: a Java process answers its first calls twenty
 * times slower than later ones, and the first order is the one somebody watches. A failure is only logged.
 */
export async function warmUp(client: LocalClient, log: EngineLog): Promise<void> {
  const startedAt = performance.now();
  const call = (api: Api, operation: string, body: Record<string, unknown>) => client.call(api, operation, body, PLACE);
  try {
    await dropLeftOver(client);
    const table = await call('dynamodb', 'CreateTable', {
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'g'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'index', KeySchema: keys('g', 'sk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const stream = textAt(objectAt(table, 'TableDescription'), 'LatestStreamArn');
    const described = await call('dynamodbstreams', 'DescribeStream', { StreamArn: stream });
    const shards = objectsAt(objectAt(described, 'StreamDescription'), 'Shards');
    const first = await call('dynamodbstreams', 'GetShardIterator', {
      StreamArn: stream,
      ShardId: textAt(shards[0] ?? {}, 'ShardId'),
      ShardIteratorType: 'TRIM_HORIZON',
    });
    let iterator = textAt(first, 'ShardIterator');
    for (let round = 0; round < ROUNDS; round += 1) {
      const item = (sk: string) => ({ pk: { S: String(round) }, sk: { S: sk }, g: { S: 's' }, n: { N: '1' } });
      const put = (sk: string) => ({
        Put: { TableName: TABLE, Item: item(sk), ConditionExpression: 'attribute_not_exists(pk)' },
      });
      const key = { TableName: TABLE, Key: { pk: { S: String(round) }, sk: { S: 'a' } } };
      await call('dynamodb', 'TransactWriteItems', { TransactItems: [put('a'), put('b')] });
      const records = await call('dynamodbstreams', 'GetRecords', { ShardIterator: iterator });
      iterator = textAt(records, 'NextShardIterator');
      await call('dynamodb', 'UpdateItem', {
        ...key,
        UpdateExpression: 'SET n = :n REMOVE g',
        ConditionExpression: 'attribute_exists(pk) AND n = :o',
        ExpressionAttributeValues: { ':n': { N: '2' }, ':o': { N: '1' } },
      });
      await call('dynamodb', 'GetItem', { ...key, ConsistentRead: true });
      await call('dynamodb', 'Query', {
        TableName: TABLE,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: String(round) } },
      });
    }
    await call('dynamodb', 'DeleteTable', { TableName: TABLE });
    log('debug', 'DynamoDB Local is warm', { ms: Math.round(performance.now() - startedAt) });
  } catch (error) {
    log('debug', 'DynamoDB Local was not warmed up', { error: error instanceof Error ? error.message : String(error) });
  }
}

/** What an earlier warm-up left that was cut short. */
async function dropLeftOver(client: LocalClient): Promise<void> {
  try {
    await client.call('dynamodb', 'DeleteTable', { TableName: TABLE }, PLACE);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
  }
}

function keys(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}
