import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DestinationConfig } from '@aws-sdk/client-lambda';
import type { PublishInput } from '@aws-sdk/client-sns';
import type { Service } from '@outbox/local-cloud-kernel';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../../testing/spec-engine';
import { specLogs } from '../../testing/spec-logs';
import { specQueue } from '../../testing/spec-queue';

const logs = specLogs();
const queue = specQueue(() => spec);
const DESTINATION = 'arn:aws:sqs:us-east-1:000000000000:destination';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:results';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/results';
let spec: SpecEngine;

const published: PublishInput[] = [];
const topics: Service<'sns'> = {
  name: 'sns',
  operations: {
    Publish: {
      requires: ({ TopicArn }) => [{ action: 'sns:Publish', resource: TopicArn ?? '' }],
      handle: (input) => {
        published.push(input);
        return { MessageId: 'published' };
      },
    },
  },
};
const put: PutEventsRequestEntry[] = [];
const buses: Service<'events'> = {
  name: 'events',
  operations: {
    PutEvents: {
      requires: () => [{ action: 'events:PutEvents', resource: BUS }],
      handle: ({ Entries = [] }) => {
        put.push(...Entries);
        return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'event' })) };
      },
    },
  },
};

beforeAll(async () => {
  spec = await startSpecEngine([logs.service, queue.service, topics, buses]);
});
afterAll(() => spec.close());

const runs = (name: string): number =>
  logs.messages(`/aws/lambda/${name}`).filter((line) => line.startsWith('REPORT')).length;

describe('an asynchronous invocation', () => {
  it('is answered at once and sent to the success destination', async () => {
    await createFunction(spec, 'fine', `exports.handler = async (event) => ({ got: event })`);
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'fine',
      DestinationConfig: { OnSuccess: { Destination: DESTINATION } },
    });
    const { StatusCode } = await spec.call('lambda', 'Invoke', {
      FunctionName: 'fine',
      InvocationType: 'Event',
      Payload: Buffer.from('{"a":1}'),
    });
    expect(StatusCode).toBe(202);
    await until(() => queue.sent.length === 1);
    expect(queue.sent[0]?.url).toBe(`${spec.engine.origin}/000000000000/destination`);
    expect(JSON.parse(queue.sent[0]?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: {
        condition: 'Success',
        approximateInvokeCount: 1,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fine:$LATEST',
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { got: { a: 1 } },
    });
  });

  it('is tried again after one and after two minutes, then goes to destination and dead-letter queue', async () => {
    queue.sent.length = 0;
    await createFunction(spec, 'broken', `exports.handler = async () => { throw new Error('boom') }`, {
      DeadLetterConfig: { TargetArn: DEAD_LETTERS },
    });
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'broken',
      DestinationConfig: { OnFailure: { Destination: DESTINATION } },
    });
    await spec.call('lambda', 'Invoke', {
      FunctionName: 'broken',
      InvocationType: 'Event',
      Payload: Buffer.from('{"a":1}'),
    });
    await until(() => runs('broken') === 1);
    spec.clock.advance(59_000);
    expect(runs('broken')).toBe(1);
    spec.clock.advance(1_500);
    await until(() => runs('broken') === 2);
    spec.clock.advance(120_500);
    await until(() => queue.sent.length === 2);
    expect(queue.sent.map(({ url }) => url.split('/').at(-1))).toEqual(['destination', 'dead-letters']);
    expect(JSON.parse(queue.sent[0]?.body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'boom' },
    });
    expect(queue.sent[1]?.body).toBe('{"a":1}');
    expect(queue.sent[1]?.attributes['ErrorMessage']?.StringValue).toBe('boom');
  });

  it('is dead-lettered with the first kilobyte of the error, without what a message can’t hold', async () => {
    queue.sent.length = 0;
    const code = `exports.handler = async () => { throw new Error('\\u001b[31m\\ud800' + 'é'.repeat(1000)) }`;
    await createFunction(spec, 'colourful', code, { DeadLetterConfig: { TargetArn: DEAD_LETTERS } });
    const FunctionName = 'colourful';
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName, MaximumRetryAttempts: 0 });
    await spec.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload: Buffer.from('{}') });
    await until(() => queue.sent.length === 1);
    const text = queue.sent[0]?.attributes['ErrorMessage']?.StringValue;
    expect(text).toBe(`\ufffd[31m\ufffd${'é'.repeat(507)}`);
  });

  it('waits while the function is throttled', async () => {
    await createFunction(spec, 'closed', `exports.handler = async () => 1`);
    await spec.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'closed', ReservedConcurrentExecutions: 0 });
    await spec.call('lambda', 'Invoke', { FunctionName: 'closed', InvocationType: 'Event' });
    await spec.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'closed' });
    await until(() => {
      spec.clock.advance(500);
      return runs('closed') === 1;
    });
  });
});

describe('the destination of an asynchronous invocation', () => {
  const invokeWith = async (name: string, code: string, destinations: DestinationConfig): Promise<void> => {
    await createFunction(spec, name, code);
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: name,
      MaximumRetryAttempts: 0,
      DestinationConfig: destinations,
    });
    await spec.call('lambda', 'Invoke', {
      FunctionName: name,
      InvocationType: 'Event',
      Payload: Buffer.from('{"a":1}'),
    });
  };
  const succeeds = `exports.handler = async () => ({ b: 2 })`;
  const fails = `exports.handler = async () => { throw new Error('boom') }`;

  it('may be a topic', async () => {
    await invokeWith('to-topic', succeeds, { OnSuccess: { Destination: TOPIC } });
    await until(() => published.length === 1);
    expect(published[0]?.TopicArn).toBe(TOPIC);
    expect(JSON.parse(published[0]?.Message ?? '')).toMatchObject({ responsePayload: { b: 2 } });
  });

  it('may be another function', async () => {
    await createFunction(spec, 'listener', `exports.handler = async (event) => console.log(JSON.stringify(event))`);
    const Destination = 'arn:aws:lambda:us-east-1:000000000000:function:listener';
    await invokeWith('to-function', fails, { OnFailure: { Destination } });
    await until(() => logs.messages('/aws/lambda/listener').some((line) => line.includes('RetriesExhausted')));
  });

  it('may be an event bus, where success and failure are two types', async () => {
    await invokeWith('to-bus', succeeds, { OnSuccess: { Destination: BUS } });
    await until(() => put.length === 1);
    await invokeWith('to-bus-failing', fails, { OnFailure: { Destination: BUS } });
    await until(() => put.length === 2);
    expect(put.map(({ DetailType }) => DetailType)).toEqual([
      'Lambda Function Invocation Result - Success',
      'Lambda Function Invocation Result - Failure',
    ]);
    expect(put[0]).toMatchObject({
      EventBusName: BUS,
      Source: 'lambda',
      Resources: ['arn:aws:lambda:us-east-1:000000000000:function:to-bus:$LATEST', BUS],
    });
    expect(JSON.parse(put[0]?.Detail ?? '')).toMatchObject({ requestPayload: { a: 1 }, responsePayload: { b: 2 } });
  });

  it('gets nothing while the role may not deliver, and the metric counts it', async () => {
    await createFunction(spec, 'denied', succeeds);
    const Destination = TOPIC;
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'denied',
      DestinationConfig: { OnSuccess: { Destination } },
    });
    spec.denied.add('sns:Publish');
    try {
      const before = published.length;
      await spec.call('lambda', 'Invoke', { FunctionName: 'denied', InvocationType: 'Event' });
      await until(() => spec.metrics.samples.some(({ name }) => name === 'DestinationDeliveryFailures'));
      expect(published).toHaveLength(before);
    } finally {
      spec.denied.delete('sns:Publish');
    }
  });

  it('is refused when the role may not deliver there', async () => {
    await createFunction(spec, 'refused', succeeds);
    const configure = (Destination: string) =>
      spec.call('lambda', 'PutFunctionEventInvokeConfig', {
        FunctionName: 'refused',
        DestinationConfig: { OnFailure: { Destination } },
      });
    spec.denied.add('sns:Publish');
    try {
      await expect(configure(TOPIC)).rejects.toMatchObject({
        code: 'InvalidParameterValueException',
        message: `The function's execution role does not have permissions to call Publish on ${TOPIC}`,
      });
    } finally {
      spec.denied.delete('sns:Publish');
    }
  });
});
