import type { Engine, EngineModule, RequestContext, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { chooseEngine, claimTables } from './engine/choose-engine';
import type { TableEngineName } from './engine/table-engine';
import { TimeToLive } from './expiry/time-to-live';
import { jsonService } from './proxy/service';
import { streamOperations } from './streams/stream-operations';
import { itemOperations } from './tables/item-operations';
import { Requirements } from './tables/requirements';
import { retentionOperations } from './tables/retention-operations';
import { tableOperations } from './tables/table-operations';
import { TableKeys } from './tables/table-keys';
import { TableRecords } from './tables/table-records';
import { transactionFaults } from './tables/transaction-faults';
import { tagOperations } from './tables/tag-operations';

/**
 * DynamoDB and its streams: a table engine, and in front of it what only AWS has (permissions, time to live, tags,
 * recovery, encryption settings); wakes whoever waits for a stream after each write. `start` rejects with
 * `DynamoDbLocalError` where there are tables of DynamoDB Local, and Java or the npm package is missing, and with
 * `TableEngineError` where there are tables of another engine.
 */
export function createData(engine: Engine, name: TableEngineName): EngineModule {
  const tables = chooseEngine(name, engine);
  const records = new TableRecords(engine);
  const expiry = new TimeToLive(engine, tables, records);
  const keys = new TableKeys(engine, records);
  const needs = new Requirements(records);
  const written = async (context: RequestContext, names: readonly string[]): Promise<void> => {
    for (const table of names) {
      const arn = await tables.streamOf(context, table);
      if (arn !== undefined) engine.signals.notify(arn);
      expiry.written(context, table);
    }
  };
  const operations = {
    ...tableOperations(engine, tables, needs, records, keys),
    ...itemOperations(tables, needs, written, keys),
    ...tagOperations(needs, records),
    ...retentionOperations(engine, needs, records, (record) => expiry.changed(record)),
  };
  const dynamodb = jsonService('dynamodb', operations, transactionFaults);
  const dynamodbstreams = jsonService('dynamodbstreams', streamOperations(tables, keys));
  return {
    services: [dynamodb, dynamodbstreams] as Service<ServiceName>[],
    start: async () => {
      claimTables(name, engine, !records.isEmpty());
      // Those who have tables don't wait for it at their first call; those who have none need no start.
      if (!records.isEmpty()) await tables.start();
      expiry.start();
    },
    stop: async () => {
      await expiry.stop();
      await tables.stop();
    },
  };
}
