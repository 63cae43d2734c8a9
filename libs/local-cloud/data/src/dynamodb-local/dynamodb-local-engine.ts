import type { Engine } from '@outbox/local-cloud-kernel';
import { AwsError } from '@outbox/local-cloud-kernel';
import { EXPIRY_IDENTITY, type TableEngine } from '../engine/table-engine';
import type { Place } from '../place';
import { streamOfIterator } from '../proxy/arns';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import { writtenTables } from '../tables/request-tables';
import { ExpiredItems } from './expired-items';
import { fromLocal, toLocal } from './local-arns';
import { LocalClient } from './local-client';
import { LocalServer, type LocalServerOptions } from './local-server';
import { nextSequence } from './position';
import { sendShuffled } from './shuffled-transaction';
import { StreamTimes } from './stream-times';
import { StreamsOfTables } from './streams-of-tables';
import { transactionError } from './transaction-errors';
import { warmUp } from './warm-up';

const OF_STREAMS: ReadonlySet<string> = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords']);
const OF_TABLES: ReadonlySet<string> = new Set([
  'CreateTable',
  'DescribeTable',
  'UpdateTable',
  'DeleteTable',
  'ListTables',
]);
const WRITES: ReadonlySet<string> = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
]);

/** How long a stream keeps records. Source: developer guide, "Change data capture for DynamoDB Streams". */
const RETENTION_MS = 24 * 3_600_000;
/** DynamoDB Local rounds a record's time down to the minute. */
const ROUNDING_MS = 60_000;

/**
 * AWS's DynamoDB Local as a process of its own, made to answer as AWS does where it doesn't: ARNs, errors, the order of a
 * transaction's records, times by the engine's clock, expired items marked as such.
 */
export class DynamoDbLocalEngine implements TableEngine {
  readonly #server: LocalServer;
  readonly #client: LocalClient;
  readonly #streams: StreamsOfTables;
  readonly #times: StreamTimes;
  readonly #expired: ExpiredItems;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'store' | 'log'>,
    options: Omit<LocalServerOptions, 'log' | 'onReady'>,
  ) {
    const { log } = engine;
    this.#server = new LocalServer({ ...options, log, onReady: () => void warmUp(this.#client, log) });
    this.#client = new LocalClient(this.#server);
    this.#streams = new StreamsOfTables(this.#client);
    this.#times = new StreamTimes(engine, this.#client);
    this.#expired = new ExpiredItems(engine);
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#server.stop();
  }

  async call(operation: string, body: Json, place: Place): Promise<Json> {
    if (operation === 'GetRecords') return this.#records(body, place);
    if (OF_STREAMS.has(operation)) return this.#forward(operation, body, place);
    if (OF_TABLES.has(operation)) return this.#table(operation, body, place);
    return WRITES.has(operation) ? this.#write(operation, body, place) : this.#item(operation, body, place);
  }

  streamOf(place: Place, table: string): Promise<string | undefined> {
    return this.#streams.of(place, table);
  }

  async expire(body: Json, place: Place): Promise<boolean> {
    const streamArn = await this.#streams.of(place, textAt(body, 'TableName'));
    const sequence = async (): Promise<bigint> =>
      streamArn ? nextSequence(this.#client, place, streamArn) : BigInt(0);
    const from = await sequence();
    try {
      await this.#item('DeleteItem', body, place);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return false;
      throw error;
    }
    if (streamArn) this.#expired.add(streamArn, objectAt(body, 'Key'), from, await sequence());
    return true;
  }

  #item(operation: string, body: Json, place: Place): Promise<Json> {
    return this.#client.call('dynamodb', operation, body, place);
  }

  async #write(operation: string, given: Json, place: Place): Promise<Json> {
    const body = withActions(given);
    for (const table of writtenTables(body)) {
      const arn = await this.#streams.of(place, table);
      if (arn) await this.#times.beforeWrite(place, arn);
    }
    const send = (sent: Json): Promise<Json> => this.#item(operation, sent, place);
    return sendShuffled(body, send).catch(async (error: unknown) => {
      throw await transactionError(error, body, (sent) => send(sent).catch((refused: unknown) => refused));
    });
  }

  async #table(operation: string, body: Json, place: Place): Promise<Json> {
    const answer = fromLocal(await this.#client.call('dynamodb', operation, body, place), place);
    const table = answer['Table'] ?? answer['TableDescription'];
    if (operation === 'DeleteTable') this.#streams.forget(place, textAt(body, 'TableName'));
    else if (isObject(table)) this.#streams.learn(table, place);
    return answer;
  }

  async #forward(operation: string, body: Json, place: Place): Promise<Json> {
    return fromLocal(await this.#client.call('dynamodbstreams', operation, toLocal(body, place), place), place);
  }

  async #records(body: Json, place: Place): Promise<Json> {
    const streamArn = streamOfIterator(textAt(body, 'ShardIterator'));
    const answer = await this.#forward('GetRecords', body, place);
    const records = objectsAt(answer, 'Records').map((record) => this.#stamp(record, streamArn));
    return { ...answer, Records: records.filter((record) => this.#isKept(record)) };
  }

  #stamp(record: Json, streamArn: string): Json {
    const change = objectAt(record, 'dynamodb');
    const offsetMs = this.#times.offsetOf(streamArn, textAt(change, 'SequenceNumber'));
    const realSeconds = Number(change['ApproximateCreationDateTime']);
    return {
      ...record,
      dynamodb: { ...change, ApproximateCreationDateTime: Math.floor(realSeconds + offsetMs / 1000) },
      ...(this.#expired.includes(streamArn, record) ? { userIdentity: EXPIRY_IDENTITY } : {}),
    };
  }

  #isKept(record: Json): boolean {
    const createdAt = Number(objectAt(record, 'dynamodb')['ApproximateCreationDateTime']) * 1000;
    return createdAt + ROUNDING_MS + RETENTION_MS > this.engine.clock.now();
  }
}

/**
 * Fills in the default action of `AttributeUpdates`: DynamoDB Local does nothing for an update without one.
 * Source: DynamoDB API reference, AttributeValueUpdate, Action.
 */
function withActions(body: Json): Json {
  if (!isObject(body['AttributeUpdates'])) return body;
  const updates = Object.entries(body['AttributeUpdates']).map(([name, update]) => [
    name,
    isObject(update) && update['Action'] === undefined ? { ...update, Action: 'PUT' } : update,
  ]);
  return { ...body, AttributeUpdates: Object.fromEntries(updates) as Json };
}
