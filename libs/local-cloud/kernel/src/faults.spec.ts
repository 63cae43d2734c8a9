import { EngineClock } from './clock';
import { Dispatcher } from './dispatcher';
import { AwsError } from './errors';
import { FaultPlane, type ServiceFaults } from './faults';
import type { Caller } from './identity';
import { systemIds } from './ids';
import { injectFaults } from './inject-faults';
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

  it('knows the kinds of the services beside its own', () => {
    const plane = new FaultPlane(() => [{ faults: { kinds: ['late-letter'] } }, {}]);
    expect(plane.kinds).toEqual(expect.arrayContaining(['deny', 'late-letter']));
    expect(new FaultPlane().counts()).not.toHaveProperty('late-letter');
    plane.configure({ seed: 1, rates: { 'late-letter': 1 } });
    plane.strikes('late-letter');
    expect(plane.counts()).toMatchObject({ 'late-letter': 1 });
  });
});

describe('a call under faults', () => {
  const clock = new EngineClock();
  let plane: FaultPlane;
  let dispatcher: Dispatcher;
  let faults: ServiceFaults;
  let handled: unknown[];
  afterAll(() => clock.stop());

  beforeEach(() => {
    handled = [];
    faults = {};
    plane = new FaultPlane();
    const identity = {
      resourcePolicyProblem: () => undefined,
      authorize: () => undefined,
      resolve: () => undefined,
      servicePrincipal: () => admin,
      assumeRole: () => ({ caller: role, credentials: { accessKeyId: 'a', secretAccessKey: 's' } }),
    };
    const engine = { identity, ids: systemIds, store: new SqliteStore(':memory:') };
    dispatcher = new Dispatcher(engine, injectFaults(plane, clock));
    const service: Service<'sqs'> = {
      name: 'sqs',
      operations: {
        SendMessage: {
          requires: () => [],
          handle: (input) => {
            handled.push(input);
            return { MessageId: 'm' };
          },
        },
      },
      get faults() {
        return faults;
      },
    };
    dispatcher.register(service as Service<ServiceName>);
  });

  it.each([
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

  it('spares a service that is no hop of the stack', async () => {
    faults = { isSpared: true };
    plane.configure({ seed: 1, rates: { deny: 1, throttle: 1, 'lost-answer': 1 } });
    await expect(send()).resolves.toEqual({ MessageId: 'm' });
  });

  it('fails in the words of the service', async () => {
    faults = { serverErrorCode: 'Broken', throttled: () => new AwsError('TooMany', 'x', { status: 429 }) };
    plane.configure({ seed: 1, rates: { throttle: 1 } });
    await expect(send()).rejects.toMatchObject({ code: 'TooMany', status: 429 });
    plane.configure({ seed: 1, rates: { 'server-error': 1 } });
    await expect(send()).rejects.toMatchObject({ code: 'Broken', status: 500 });
  });

  it('lets the service change the call, and except it from being denied', async () => {
    faults = {
      around: async (_faults, _context, input, run) => [await run({ ...input, changed: true })],
      isNeverDenied: ({ operation }, { MessageBody }) => operation === 'SendMessage' && MessageBody === 'x',
    };
    plane.configure({ seed: 1, rates: { deny: 1 } });
    await expect(send()).resolves.toEqual([{ MessageId: 'm' }]);
    expect(handled).toEqual([{ QueueUrl: 'q', MessageBody: 'x', changed: true }]);
    plane.configure(undefined);
    await expect(send()).resolves.toEqual({ MessageId: 'm' });
  });

  it.each([
    ['kill-before-call', 0],
    ['kill-after-call', 1],
  ] as const)(
    '%s kills the process that holds the credentials, with the effect taken %i times',
    async (kind, effects) => {
      const killed: string[] = [];
      plane.onKill((accessKeyId) => killed.push(accessKeyId) > 0);
      plane.configure({ seed: 1, rates: { [kind]: 1 } });
      await expect(dispatcher.dispatch({}, fromProcess)).rejects.toMatchObject({ status: 500 });
      expect(killed).toEqual(['ASIA1']);
      expect(handled).toHaveLength(effects);
    },
  );

  function send(caller = role) {
    return dispatcher.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x' }, { caller, region: 'us-east-1' });
  }
});

const fromProcess: RequestContext = {
  accountId: '000000000000',
  region: 'us-east-1',
  caller: role,
  accessKeyId: 'ASIA1',
  requestId: 'r',
  service: 'sqs',
  operation: 'SendMessage',
  signal: new AbortController().signal,
};
