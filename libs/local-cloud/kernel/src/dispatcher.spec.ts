import { Dispatcher } from './dispatcher';
import { AwsError, toAwsError } from './errors';
import type { Caller, Identity, Requirement } from './identity';
import { systemIds } from './ids';
import type { ServiceName } from './sdk';
import type { Service } from './service';
import { SqliteStore } from './store';

const caller: Caller = { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', userId: '0' };

describe('Dispatcher', () => {
  let asked: Requirement[];
  let allowed: boolean;
  let handled: unknown[];
  let dispatcher: Dispatcher;

  beforeEach(() => {
    asked = [];
    handled = [];
    allowed = true;
    dispatcher = new Dispatcher({ identity: identity(), ids: systemIds, store: new SqliteStore(':memory:') });
    const sqs: Service<'sqs'> = {
      name: 'sqs',
      operations: {
        SendMessage: {
          requires: (input) => [{ action: 'sqs:SendMessage', resource: input.QueueUrl ?? '' }],
          handle: (input) => {
            handled.push(input);
            return { MessageId: 'm-1' };
          },
        },
      },
    };
    dispatcher.register(sqs as Service<ServiceName>);
  });

  it('runs an operation as the caller, once its requirements are allowed', async () => {
    const output = await dispatcher.call(
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: 'x' },
      { caller, region: 'us-east-1' },
    );

    expect(output).toEqual({ MessageId: 'm-1' });
    expect(asked).toEqual([{ action: 'sqs:SendMessage', resource: 'q' }]);
  });

  it('runs nothing when a requirement is denied', async () => {
    allowed = false;
    const call = dispatcher.call(
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: 'x' },
      { caller, region: 'us-east-1' },
    );

    await expect(call).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(handled).toEqual([]);
  });

  it.each([
    ['sqs', 'PurgeQueue'],
    ['sqs', 'toString'],
    ['kms', 'Encrypt'],
  ] as const)('refuses %s:%s, which nobody runs, by name', async (service, operation) => {
    const call = dispatcher.call(service, operation as never, {} as never, { caller, region: 'us-east-1' });
    await expect(call).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(operation),
    });
  });

  it('takes a service once', () => {
    expect(() => dispatcher.register({ name: 'sqs', operations: {} })).toThrow('registered twice');
  });

  function identity(): Identity {
    return {
      resourcePolicyProblem: () => undefined,
      authorize: (_caller, requirements) => {
        asked.push(...requirements);
        if (!allowed) throw new AwsError('AccessDeniedException', 'no');
      },
      resolve: () => undefined,
      assumeRole: () => {
        throw new Error('not used here');
      },
      servicePrincipal: () => caller,
    };
  }
});

describe('toAwsError', () => {
  it('keeps AWS errors and turns a defect into InternalFailure with its message', () => {
    const known = new AwsError('ThrottlingException', 'slow down');
    expect(toAwsError(known)).toBe(known);
    expect(toAwsError(new TypeError('boom'))).toMatchObject({
      code: 'InternalFailure',
      status: 500,
      message: expect.stringContaining('boom'),
    });
  });
});
