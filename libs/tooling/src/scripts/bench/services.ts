import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { summary, timed, type Timing } from './timing.ts';

/** What is measured of the local cloud's services, each by its name in the report. */
export type Measures = Readonly<Record<string, Timing>>;

const ACCOUNT = '000000000001';
const MESSAGES = 1_000;
const EVENTS = 200;
const WARM = 300;
const COLD = 8;
const AT_ONCE = 8;

/** In an account of its own, so that the engine may hold anything else. */
export async function measureServices(endpoint: string): Promise<Measures> {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const sqs = new SQSClient(options);
  return {
    ...(await measureQueue(sqs)),
    ...(await measureEvents(new EventBridgeClient(options), sqs)),
    ...(await measureFunction(new LambdaClient(options), new IAMClient(options))),
  };
}

async function measureQueue(sqs: SQSClient): Promise<Measures> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench-messages' }));
  const handles: string[] = [];
  const MessageBody = 'x'.repeat(1_000);
  const sent = await timed(MESSAGES, AT_ONCE, () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })));
  const received = await timed(MESSAGES, AT_ONCE, async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    for (const { ReceiptHandle = '' } of Messages) handles.push(ReceiptHandle);
  });
  const deleted = await timed(handles.length, AT_ONCE, (index) =>
    sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handles[index] })),
  );
  return { 'SQS SendMessage': sent, 'SQS ReceiveMessage': received, 'SQS DeleteMessage': deleted };
}

/** One event at a time, from PutEvents to the message in the hands of who waits for it. */
async function measureEvents(events: EventBridgeClient, sqs: SQSClient): Promise<Measures> {
  const Arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:bench-events`;
  const Principal = { Service: 'events.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: Arn }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench-events', Attributes: { Policy } }));
  await events.send(new PutRuleCommand({ Name: 'bench', EventPattern: '{"source":["bench"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'bench', Targets: [{ Id: 'queue', Arn }] }));
  const Entries = [{ Source: 'bench', DetailType: 'measured', Detail: '{}' }];
  const delivered = await timed(EVENTS, 1, async () => {
    const arrival = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await events.send(new PutEventsCommand({ Entries }));
    const { Messages = [] } = await arrival;
    if (Messages.length === 0) throw new Error('an event did not arrive within 20 s');
  });
  return { 'PutEvents to the message received': delivered };
}

async function measureFunction(lambda: LambdaClient, iam: IAMClient): Promise<Measures> {
  const FunctionName = 'bench';
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'bench', AssumeRolePolicyDocument }));
  const ZipFile = zipSync({ 'index.js': strToU8('exports.handler = async (event) => event;') });
  const code = { Runtime: 'nodejs22.x' as const, Handler: 'index.handler', Code: { ZipFile } };
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role: Role?.Arn, ...code }));
  const waiter = { client: lambda, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.3 };
  await waitUntilFunctionActiveV2(waiter, { FunctionName });
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName, Payload: strToU8('{}') }));
  const cold: number[] = [];
  for (let round = 1; round <= COLD; round += 1) {
    // A changed function has no environment yet: its next call is a cold start.
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 3 + round }));
    await waitUntilFunctionUpdatedV2(waiter, { FunctionName });
    const started = performance.now();
    await invoke();
    cold.push(performance.now() - started);
  }
  const total = cold.reduce((sum, one) => sum + one, 0);
  return {
    'Invoke, cold': summary(cold, total),
    'Invoke, warm': await timed(WARM, 1, invoke),
  };
}
