import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import {
  AwsError,
  Dispatcher,
  EngineClock,
  SqliteStore,
  systemIds,
  type Caller,
  type Identity,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type Service,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';
import { createConfiguration } from '../create-configuration';

const ACCOUNT = '000000000000';
const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** For specs: configuration alone, its clock standing still until advanced; whoever calls may do everything. */
export function specEngine(store: StateStore = new SqliteStore(':memory:')) {
  const clock = new EngineClock(0, () => Date.UTC(2026, 0, 1, 12));
  const asked: Requirement[] = [];
  const identity: Identity = {
    resolve: () => undefined,
    assumeRole: () => {
      throw new Error('there are no roles here');
    },
    servicePrincipal: () => ROOT,
    resourcePolicyProblem: (text) => (text.startsWith('{') ? undefined : 'no policy'),
    authorize: (_, requirements) => void asked.push(...requirements),
  };
  const calls: Dispatcher = new Dispatcher({ identity, ids: systemIds, store });
  const module = createConfiguration({ calls, clock, identity, ids: systemIds, log: () => undefined, store });
  const told: PutEventsRequestEntry[] = [];
  for (const service of [...module.services, specKeys(), specBus(told)]) calls.register(service);
  const call = <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
  ): Promise<OutputOf<S, Op>> => calls.call(service, operation, input, { caller: ROOT, region: 'us-east-1' });
  return { asked, call, clock, store, told };
}

/** A stand-in for the default bus: keeps what is put. */
function specBus(told: PutEventsRequestEntry[]): Service<ServiceName> {
  const events: Service<'events'> = {
    name: 'events',
    operations: {
      PutEvents: {
        requires: () => [],
        handle: ({ Entries = [] }) => {
          told.push(...Entries);
          return { FailedEntryCount: 0, Entries: [] };
        },
      },
    },
  };
  return events as Service<ServiceName>;
}

interface Blob {
  readonly keyId: string | undefined;
  readonly text: string;
  readonly context: unknown;
}

/** A stand-in for KMS: what it seals says its key, text and context; a key called `disabled` refuses. */
function specKeys(): Service<ServiceName> {
  const seal = (blob: Blob) => {
    if (blob.keyId === 'disabled') throw new AwsError('DisabledException', 'the key is disabled.');
    return { CiphertextBlob: Buffer.from(JSON.stringify(blob)) };
  };
  const kms: Service<'kms'> = {
    name: 'kms',
    operations: {
      Encrypt: {
        requires: ({ KeyId }) => [{ action: 'kms:Encrypt', resource: KeyId ?? '' }],
        handle: ({ KeyId: keyId, Plaintext, EncryptionContext: context }) =>
          seal({ keyId, text: Buffer.from(Plaintext ?? []).toString(), context }),
      },
      GenerateDataKey: {
        requires: ({ KeyId }) => [{ action: 'kms:GenerateDataKey', resource: KeyId ?? '' }],
        handle: ({ KeyId: keyId, EncryptionContext: context }) => seal({ keyId, text: '', context }),
      },
      Decrypt: {
        requires: () => [{ action: 'kms:Decrypt', resource: '*' }],
        handle: ({ CiphertextBlob, EncryptionContext }) => {
          const { text, context } = JSON.parse(Buffer.from(CiphertextBlob ?? []).toString()) as Blob;
          if (JSON.stringify(context) !== JSON.stringify(EncryptionContext)) throw new Error('another context');
          return { Plaintext: Buffer.from(text) };
        },
      },
    },
  };
  return kms as Service<ServiceName>;
}
