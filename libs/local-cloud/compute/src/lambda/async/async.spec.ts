import { createFunction, startSpecEngine, until, type SpecEngine } from '../../testing/spec-engine';
import { specLogs } from '../../testing/spec-logs';
import { specQueue } from '../../testing/spec-queue';

const logs = specLogs();
const queue = specQueue(() => spec);
const DESTINATION = 'arn:aws:sqs:us-east-1:000000000000:destination';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service, queue.service]);
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
    expect(queue.sent[1]?.attributes['ErrorMessage']?.StringValue).toContain('boom');
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
