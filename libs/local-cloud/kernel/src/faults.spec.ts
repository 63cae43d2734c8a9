import { EngineClock } from './clock';
import { Dispatcher } from './dispatcher';
import { AwsError } from './errors';
import { FaultPlane, type FaultKind } from './faults';
import type { Caller } from './identity';
import { systemIds } from './ids';
import type { RequestContext, Service } from './service';
import type { ServiceName } from './sdk';
import { SqliteStore } from './store';

const admin: Caller = { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', userId: '0' };
const role: Caller = { ...admin, kind: 'role', arn: 'arn:aws:sts::000000000000:assumed-role/r/s' };

describe('FaultPlane', () => {
  it('strikes at the same calls for the same seed, at others for another', () => {
    const pattern = (seed: number): boolean[] => {
      const plane = new FaultPlane();
      plane.configure({ seed, rates: { throttle: 0.5 } });
      return Array.from({ length: 64 }, () => plane.strikes('throttle'));
    };
    expect(pattern(7)).toEqual(pattern(7));
    expect(pattern(7)).not.toEqual(pattern(8));
  });

  it('counts what it did, and is off until asked and again afterwards', () => {
    const plane = new FaultPlane();
    expect(plane.strikes('deny')).toBe(false);
    plane.configure({ seed: 1, rates: { deny: 1 } });
    expect([plane.strikes('deny'), plane.strikes('throttle')]).toEqual([true, false]);
    plane.configure(undefined);
    expect(plane.strikes('deny')).toBe(false);
    expect(plane.counts()).toMatchObject({ deny: 1, throttle: 0 });
  });
});

describe('a call under faults', () => {
  const clock = new EngineClock();
  let plane: FaultPlane;
  let dispatcher: Dispatcher;
  let handled: { operation: string; input: unknown }[];
  let cancelled: AwsError | undefined;
  afterAll(() => clock.stop());

  beforeEach(() => {
    handled = [];
    cancelled = undefined;
    plane = new FaultPlane();
    const identity = {
      resourcePolicyProblem: () => undefined,
      authorize: () => undefined,
      resolve: () => undefined,
      servicePrincipal: () => admin,
      assumeRole: () => ({ caller: role, credentials: { accessKeyId: 'a', secretAccessKey: 's' } }),
    };
    dispatcher = new Dispatcher({ identity, ids: systemIds, store: new SqliteStore(':memory:') }, { plane, clock });
    const sqs: Service<'sqs'> = {
      name: 'sqs',
      operations: {
        SendMessage: op('SendMessage', { MessageId: 'm' }),
        ReceiveMessage: op('ReceiveMessage', { Messages: [{ ReceiptHandle: 'r-1' }] }),
        ChangeMessageVisibility: op('ChangeMessageVisibility', {}),
      },
    };
    const events: Service<'events'> = {
      name: 'events',
      operations: {
        PutEvents: {
          requires: () => [],
          handle: (input) => {
            handled.push({ operation: 'PutEvents', input });
            return { FailedEntryCount: 0, Entries: (input.Entries ?? []).map((entry) => ({ EventId: entry.Detail })) };
          },
        },
      },
    };
    const dynamodb: Service<'dynamodb'> = {
      name: 'dynamodb',
      operations: { TransactWriteItems: op('TransactWriteItems', {}) },
      passThrough: (operation, input) => {
        handled.push({ operation, input });
        return cancelled ? Promise.reject(cancelled) : Promise.resolve({});
      },
    };
    const kms: Service<'kms'> = { name: 'kms', operations: { GenerateDataKey: op('GenerateDataKey', {}) } };
    for (const service of [sqs, events, dynamodb, kms]) dispatcher.register(service as Service<ServiceName>);
  });

  it.each<[FaultKind, string, number]>([
    ['deny', 'AccessDeniedException', 0],
    ['throttle', 'ThrottlingException', 0],
    ['server-error', 'InternalFailure', 0],
    ['lost-answer', 'InternalFailure', 1],
  ])('%s answers %s with the effect taken %i times', async (kind, code, effects) => {
    plane.configure({ seed: 1, rates: { [kind]: 1 } });
    await expect(send()).rejects.toMatchObject({ code });
    expect(handled).toHaveLength(effects);
    expect(plane.counts()[kind]).toBe(1);
  });

  it('spares the account’s admin', async () => {
    plane.configure({ seed: 1, rates: { deny: 1, 'lost-answer': 1 } });
    await expect(send(admin)).resolves.toEqual({ MessageId: 'm' });
  });

  it.each<[FaultKind, number]>([
    ['kill-before-call', 0],
    ['kill-after-call', 1],
  ])('%s kills the process that holds the credentials, with the effect taken %i times', async (kind, effects) => {
    const killed: string[] = [];
    plane.onKill((accessKeyId) => killed.push(accessKeyId) > 0);
    plane.configure({ seed: 1, rates: { [kind as 'kill-after-call']: 1 } });
    await expect(dispatcher.dispatch({}, context('sqs', 'SendMessage'))).rejects.toMatchObject({ status: 500 });
    expect(killed).toEqual(['ASIA1']);
    expect(handled).toHaveLength(effects);
  });

  it('fails some entries of a PutEvents and keeps every other one at its place', async () => {
    plane.configure({ seed: 5, rates: { 'partial-put-events': 1 } });
    const output = await putEvents(10);

    const failed = (output.Entries ?? []).filter((entry) => entry.ErrorCode === 'InternalFailure');
    expect(output.FailedEntryCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    output.Entries?.forEach((entry, index) => expect([undefined, String(index)]).toContain(entry.EventId));
  });

  it('hands a received message to a second receiver, and holds a sent one back', async () => {
    plane.configure({ seed: 1, rates: { 'duplicate-delivery': 1, 'reorder-delivery': 1 } });
    await dispatcher.call('sqs', 'ReceiveMessage', { QueueUrl: 'q' }, { caller: role, region: 'us-east-1' });
    await send();
    expect(handled).toEqual([
      { operation: 'ReceiveMessage', input: { QueueUrl: 'q' } },
      { operation: 'ChangeMessageVisibility', input: { QueueUrl: 'q', ReceiptHandle: 'r-1', VisibilityTimeout: 0 } },
      { operation: 'SendMessage', input: expect.objectContaining({ DelaySeconds: expect.any(Number) }) },
    ]);
  });

  it('keeps a queue out for some calls, counted once, and others working', async () => {
    plane.configure({ seed: 1, rates: { 'queue-outage': 1 } });
    for (let call = 0; call < 60; call++) await expect(send()).rejects.toMatchObject({ code: 'InternalFailure' });
    expect(handled).toEqual([]);
    expect(plane.counts()['queue-outage']).toBeGreaterThan(1);
    expect(plane.counts()['queue-outage']).toBeLessThan(30);
    await expect(putEvents(1)).resolves.toMatchObject({ FailedEntryCount: 0 });
  });

  it('keeps the bus out, and queues working', async () => {
    plane.configure({ seed: 1, rates: { 'bus-outage': 1 } });
    await expect(send()).resolves.toEqual({ MessageId: 'm' });
    await expect(putEvents(1)).rejects.toMatchObject({ code: 'InternalFailure' });
  });

  it('denies no event its dead-letter queue after its target', async () => {
    plane.configure({ seed: 1, rates: { deny: 1 } });
    const events: Caller = { ...role, kind: 'service', arn: 'events.amazonaws.com', service: 'events.amazonaws.com' };
    const message = { QueueUrl: 'dlq', MessageBody: 'x', MessageAttributes: {} };
    await expect(
      dispatcher.call('sqs', 'SendMessage', message, { caller: events, region: 'us-east-1' }),
    ).resolves.toEqual({ MessageId: 'm' });
    await expect(send(events)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('strikes a call that needs a key once, not at the key again', async () => {
    plane.configure({ seed: 1, rates: { deny: 1, throttle: 1, 'lost-answer': 1 } });
    const queues: Caller = { ...role, kind: 'service', arn: 'sqs.amazonaws.com', service: 'sqs.amazonaws.com' };
    const dataKey = { KeyId: 'k', KeySpec: 'AES_256' as const };
    await expect(
      dispatcher.call('kms', 'GenerateDataKey', dataKey, { caller: queues, region: 'us-east-1' }),
    ).resolves.toEqual({});
    expect(handled).toEqual([{ operation: 'GenerateDataKey', input: dataKey }]);
  });

  it('cancels a transaction by a conflict that names no item', async () => {
    plane.configure({ seed: 1, rates: { 'transaction-conflict': 1 } });
    const transaction = dispatcher.passThrough({ TransactItems: [{}, {}] }, context('dynamodb', 'TransactWriteItems'));
    await expect(transaction).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      members: { CancellationReasons: [expect.objectContaining({ Code: 'TransactionConflict' }), { Code: 'None' }] },
    });
    expect(handled).toEqual([]);
  });

  it('tells the item of the first failed condition only', async () => {
    const reasons = ['a', 'b'].map((Item) => ({ Code: 'ConditionalCheckFailed', Item }));
    cancelled = new AwsError('TransactionCanceledException', 'x', { members: { CancellationReasons: reasons } });
    plane.configure({ seed: 1, rates: { 'first-reason-only': 1 } });
    await expect(dispatcher.passThrough({}, context('dynamodb', 'TransactWriteItems'))).rejects.toMatchObject({
      members: {
        CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: 'a' }, { Code: 'ConditionalCheckFailed' }],
      },
    });
  });

  function send(caller = role) {
    return dispatcher.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x' }, { caller, region: 'us-east-1' });
  }

  function putEvents(count: number) {
    const Entries = Array.from({ length: count }, (_, n) => ({ Detail: String(n) }));
    return dispatcher.call('events', 'PutEvents', { Entries }, { caller: role, region: 'us-east-1' });
  }

  function op(operation: string, output: object) {
    return {
      requires: () => [],
      handle: (input: unknown) => {
        handled.push({ operation, input });
        return output;
      },
    };
  }
});

function context(service: ServiceName, operation: string): RequestContext {
  return {
    accountId: '000000000000',
    region: 'us-east-1',
    caller: role,
    accessKeyId: 'ASIA1',
    requestId: 'r',
    service,
    operation,
    signal: new AbortController().signal,
  };
}
