import { join } from 'node:path';
import { SqliteStore, type RequestContext } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, ROOT, specEngine, specKeys } from '@outbox/local-cloud-testing';
import { createData } from '../create-data';
import type { TableEngineName } from '../engine/table-engine';
import type { Json } from '../proxy/json';

/** For specs: the module over a real engine, behind the kernel's dispatcher, everything allowed and recorded. */
export function specCloud(directory: string, tables: TableEngineName) {
  const store = new SqliteStore(join(directory, 'state.sqlite'));
  const cloud = specEngine((engine) => createData(engine, tables), { store, directory, services: [specKeys()] });
  /** As over HTTP: JSON to JSON. */
  const send = async (operation: string, body: Json, accountId = ACCOUNT): Promise<Json> => {
    const context: RequestContext = {
      accountId,
      region: REGION,
      caller: { ...ROOT, accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId },
      requestId: 'r',
      service: 'dynamodb',
      operation,
      signal: new AbortController().signal,
    };
    return (await cloud.dispatcher.passThrough(body, context)) as Json;
  };
  const stop = async (): Promise<void> => {
    await cloud.module.stop?.();
    cloud.clock.stop();
    store.close();
  };
  return { ...cloud, start: async () => cloud.module.start?.(), stop, send };
}
