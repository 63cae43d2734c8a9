import {
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type Caller,
  type Engine,
  type Identity,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type RequestContext,
  type Service,
  type ServiceName,
} from '@outbox/local-cloud-kernel';
import { join } from 'node:path';
import { createData } from './create-data';
import type { TableEngineName } from './engine/table-engine';
import type { Json } from './proxy/json';

/** The key a table with `SSESpecification` is encrypted with, as the stand-in for KMS answers. */
export const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/managed';

/** For specs: the module over a real engine, behind the kernel's dispatcher, everything allowed and recorded. */
export function testCloud(directory: string, tables: TableEngineName) {
  const asked: Requirement[] = [];
  const identity: Identity = {
    resolve: () => undefined,
    assumeRole: () => {
      throw new Error('not part of these specs');
    },
    servicePrincipal: (service, accountId, sourceArn) => ({
      kind: 'service',
      accountId,
      arn: service,
      userId: service,
      service,
      sourceArn,
    }),
    resourcePolicyProblem: () => undefined,
    authorize: (_, requirements) => void asked.push(...requirements),
  };
  const clock = new EngineClock();
  const store = new SqliteStore(join(directory, 'state.sqlite'));
  const dispatcher = new Dispatcher({ ids: systemIds, store, identity });
  const engine: Engine = {
    clock,
    ids: systemIds,
    store,
    signals: new Signals(clock),
    identity,
    calls: dispatcher,
    log: () => undefined,
    metrics: new CollectedMetrics(),
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:4566',
    directory,
  };
  const onKey = (action: string) => () => [{ action: `kms:${action}`, resource: KEY_ARN }];
  const kms: Service<'kms'> = {
    name: 'kms',
    operations: {
      DescribeKey: { requires: () => [], handle: () => ({ KeyMetadata: { KeyId: 'managed', Arn: KEY_ARN } }) },
      GenerateDataKey: {
        requires: onKey('GenerateDataKey'),
        handle: ({ EncryptionContext }) => ({ CiphertextBlob: Buffer.from(JSON.stringify(EncryptionContext)) }),
      },
      Decrypt: {
        requires: onKey('Decrypt'),
        handle: ({ CiphertextBlob, EncryptionContext }) => {
          const sealed = Buffer.from(CiphertextBlob ?? []).toString();
          if (sealed !== JSON.stringify(EncryptionContext)) throw new Error('another context');
          return { KeyId: KEY_ARN };
        },
      },
      CreateGrant: { requires: onKey('CreateGrant'), handle: () => ({ GrantToken: 'token' }) },
      RetireGrant: { requires: onKey('RetireGrant'), handle: () => ({}) },
    },
  };
  const data = createData(engine, tables);
  for (const service of [...data.services, kms as Service<ServiceName>]) dispatcher.register(service);

  const adminOf = (accountId: string): Caller => ({
    kind: 'root',
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  });
  /** As over HTTP: JSON to JSON. */
  const send = async (operation: string, body: Json, accountId = '000000000000'): Promise<Json> => {
    const context: RequestContext = {
      accountId,
      region: 'us-east-1',
      caller: adminOf(accountId),
      requestId: 'r',
      service: 'dynamodb',
      operation,
      signal: new AbortController().signal,
    };
    return (await dispatcher.passThrough(body, context)) as Json;
  };
  /** As from inside the engine: the SDK's shapes. */
  const call = <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
  ): Promise<OutputOf<S, Op>> =>
    dispatcher.call(service, operation, input, { caller: adminOf('000000000000'), region: 'us-east-1' });
  const stop = async (): Promise<void> => {
    await data.stop?.();
    clock.stop();
    store.close();
  };
  return { start: async () => data.start?.(), stop, send, call, asked, clock, signals: engine.signals };
}
