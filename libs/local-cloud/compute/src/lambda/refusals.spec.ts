import type { DestinationConfig, PutFunctionEventInvokeConfigCommandInput } from '@aws-sdk/client-lambda';
import type { Service } from '@outbox/local-cloud-kernel';
import { AwsError } from '@outbox/local-cloud-kernel';
import { createFunction, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const CODE = `exports.handler = async () => 1`;
const FunctionName = 'asked';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:dead';
let spec: SpecEngine;

/** One queue and one topic that exist, both called `dead`. */
const queues: Service<'sqs'> = {
  name: 'sqs',
  operations: {
    GetQueueAttributes: {
      requires: ({ QueueUrl }) => [{ action: 'sqs:GetQueueAttributes', resource: QueueUrl ?? '' }],
      handle: ({ QueueUrl }) => {
        if (!QueueUrl?.endsWith('/dead')) throw new AwsError('QueueDoesNotExist', 'no such queue');
        return { Attributes: {} };
      },
    },
  },
};
const topics: Service<'sns'> = {
  name: 'sns',
  operations: {
    GetTopicAttributes: {
      requires: ({ TopicArn }) => [{ action: 'sns:GetTopicAttributes', resource: TopicArn ?? '' }],
      handle: ({ TopicArn }) => {
        if (TopicArn !== TOPIC) throw new AwsError('NotFound', 'no such topic', { status: 404 });
        return { Attributes: {} };
      },
    },
  },
};

beforeAll(async () => {
  spec = await startSpecEngine([queues, topics]);
  await createFunction(spec, FunctionName, CODE);
  await createFunction(spec, 'other', CODE);
  await spec.call('lambda', 'PublishVersion', { FunctionName });
});
afterAll(() => spec.close());

const refusal = (code: string, message: string) => ({ code, message });
const invalid = (message: string) => refusal('InvalidParameterValueException', message);

/** Runs with a permission denied. */
async function without(action: string, run: () => Promise<void>): Promise<void> {
  spec.denied.add(action);
  try {
    await run();
  } finally {
    spec.denied.delete(action);
  }
}

describe('a dead-letter target', () => {
  const create = (name: string, TargetArn: string) =>
    createFunction(spec, name, CODE, { DeadLetterConfig: { TargetArn } });

  it('is a queue or a topic of the region that the role may send to', async () => {
    await create('to-queue', QUEUE);
    await create('to-topic', TOPIC);
    const { DeadLetterConfig } = await spec.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'to-queue' });
    expect(DeadLetterConfig).toEqual({ TargetArn: QUEUE });
  });

  it.each([
    ['sqs:SendMessage', QUEUE, 'SendMessage on SQS'],
    ['sns:Publish', TOPIC, 'Publish on SNS'],
  ])('is refused without %s', (action, target, called) =>
    without(action, async () => {
      const expected = invalid(`The provided execution role does not have permissions to call ${called}`);
      await expect(create('refused', target)).rejects.toMatchObject(expected);
      const update = { FunctionName, DeadLetterConfig: { TargetArn: target } };
      await expect(spec.call('lambda', 'UpdateFunctionConfiguration', update)).rejects.toMatchObject(expected);
    }),
  );

  it.each([
    ['a queue that is not there', `${QUEUE}-not`],
    ['a topic that is not there', `${TOPIC}-not`],
    ['a queue of another region', QUEUE.replace('us-east-1', 'eu-west-1')],
  ])('is refused when it is %s', async (_kind, target) => {
    await expect(create('refused', target)).rejects.toMatchObject(
      invalid(`The dead-letter target ${target} does not exist in the region us-east-1.`),
    );
  });

  it('is not asked for again by another change', () =>
    without('sqs:SendMessage', async () => {
      await spec.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'to-queue', Timeout: 9 });
    }));
});

describe('a configuration of asynchronous invocations', () => {
  const put = (over: Partial<PutFunctionEventInvokeConfigCommandInput>) =>
    spec.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName, ...over });
  const to = (DestinationConfig: DestinationConfig) => put({ DestinationConfig });
  const noFunction = refusal('ResourceNotFoundException', "The function doesn't exist.");

  it('says something, if only that nothing is to hear of it', async () => {
    const nothing = invalid('You must specify at least one of error handling or destination setting.');
    await expect(put({ FunctionName: 'unknown' })).rejects.toMatchObject(nothing);
    expect(await to({ OnSuccess: {} })).toMatchObject({ DestinationConfig: { OnSuccess: {}, OnFailure: {} } });
  });

  it('is one of a function that exists', async () => {
    await expect(put({ FunctionName: 'unknown', MaximumRetryAttempts: 1 })).rejects.toMatchObject(noFunction);
    await expect(put({ Qualifier: 'unknown', MaximumRetryAttempts: 1 })).rejects.toMatchObject(noFunction);
    const unknown = { FunctionName: 'unknown' };
    await expect(spec.call('lambda', 'ListFunctionEventInvokeConfigs', unknown)).rejects.toMatchObject(noFunction);
    await expect(spec.call('lambda', 'GetFunctionEventInvokeConfig', unknown)).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `The function ${FUNCTION}unknown:$LATEST doesn't have an EventInvokeConfig`),
    );
  });

  it('names functions that exist, and never the function itself', async () => {
    await to({ OnSuccess: { Destination: `${FUNCTION}other` } });
    await expect(to({ OnSuccess: { Destination: `${FUNCTION}${FunctionName}` } })).rejects.toMatchObject(
      invalid("You can't specify the function as a destination for itself."),
    );
    await expect(to({ OnFailure: { Destination: `${FUNCTION}unknown` } })).rejects.toMatchObject(
      invalid(`The destination ARN ${FUNCTION}unknown is invalid.`),
    );
  });

  it('names no service that nothing is delivered to', async () => {
    const role = 'arn:aws:iam:us-east-1:000000000000:role/a';
    await expect(to({ OnSuccess: { Destination: role } })).rejects.toMatchObject(
      invalid(
        `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${role}), onFailure=null) is invalid.`,
      ),
    );
    await expect(to({ OnFailure: { Destination: 'arn:aws:s3:::bucket' } })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      status: 400,
    });
  });
});

describe('what Lambda refuses in its own words', () => {
  it('is reserved concurrency of a version', async () => {
    await expect(
      spec.call('lambda', 'PutFunctionConcurrency', {
        FunctionName: `${FUNCTION}${FunctionName}:1`,
        ReservedConcurrentExecutions: 1,
      }),
    ).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringMatching(/^This operation is permitted on Lambda functions only\./) as string,
    });
  });

  it('is a mapping of a function that does not exist, or of no queue', async () => {
    const create = (FunctionName: string, EventSourceArn?: string) =>
      spec.call('lambda', 'CreateEventSourceMapping', { FunctionName, EventSourceArn });
    await expect(create('unknown', QUEUE)).rejects.toMatchObject(invalid('Function does not exist'));
    await expect(create('unknown')).rejects.toMatchObject(invalid('Unrecognized event source.'));
    await expect(create(FunctionName, 'arn:aws:kinesis:us-east-1:000000000000:stream/orders')).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
  });

  it('is an alias whose weights are none', async () => {
    const create = (weights: Record<string, number>) =>
      spec.call('lambda', 'CreateAlias', {
        FunctionName,
        Name: 'live',
        FunctionVersion: '1',
        RoutingConfig: { AdditionalVersionWeights: weights },
      });
    await expect(create({ '1': 2 })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/^1 validation error detected: Value '\{1=2\.0\}' at 'routingConfig\./) as string,
    });
    await expect(create({ '1': 0.5 })).rejects.toMatchObject(
      invalid('Invalid function version 1. Function version 1 is already included in routing configuration.'),
    );
    await expect(create({ $LATEST: 0.5 })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        /'\{\$LATEST=0\.5\}' .*: Map keys must satisfy constraint: .*: \[0-9\]\+\]$/,
      ) as string,
    });
  });

  it('is a change of an alias that does not exist', async () => {
    await expect(spec.call('lambda', 'UpdateAlias', { FunctionName, Name: 'none' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Alias not found: ${FUNCTION}${FunctionName}:none`),
    );
  });

  it('is the end of a permission where there is none', async () => {
    await expect(spec.call('lambda', 'RemovePermission', { FunctionName, StatementId: 'a' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'No policy is associated with the given resource.'),
    );
    const remove = { FunctionName, StatementId: 'a', Qualifier: 'none' };
    await expect(spec.call('lambda', 'RemovePermission', remove)).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Cannot find alias arn: ${FUNCTION}${FunctionName}:none`),
    );
    await expect(
      spec.call('lambda', 'RemovePermission', { FunctionName: 'unknown', StatementId: 'a' }),
    ).rejects.toMatchObject(refusal('ResourceNotFoundException', `No policy found for: ${FUNCTION}unknown`));
    await expect(spec.call('lambda', 'GetPolicy', { FunctionName: 'unknown' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'The resource you requested does not exist.'),
    );
  });
});

it('echoes variables that are none', async () => {
  await createFunction(spec, 'bare', CODE, { Environment: { Variables: {} } });
  expect(await spec.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'bare' })).toMatchObject({
    Environment: { Variables: {} },
  });
});
