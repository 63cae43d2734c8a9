import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { clientsOf, newAccount } from './cloud';
import { startEngineProcess, type EngineProcess } from './engine-process';
import { createFunction, createQueue, createTable } from './fixtures';

jest.setTimeout(120_000);

describe('the local cloud killed in the middle', () => {
  let engine: EngineProcess;

  beforeAll(async () => {
    engine = await startEngineProcess();
  });

  afterAll(() => engine.stop());

  it('has everything it had answered for when it starts again', async () => {
    const clients = clientsOf(newAccount(), engine.origin);
    const queue = await createQueue(clients, 'q');
    await createTable(clients, 'tab', ['1']);
    await createFunction(clients, 'f');
    await clients.events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["a"]}' }));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'kept' }));

    await engine.crashAndRestart();

    const after = clientsOf(clients.account, engine.origin);
    const { Messages } = await after.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 5 }));
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
    const key = { pk: { S: 'a' }, sk: { S: '1' } };
    expect(await after.dynamodb.send(new GetItemCommand({ TableName: 'tab', Key: key }))).toMatchObject({ Item: key });
    expect(await after.events.send(new DescribeRuleCommand({ Name: 'r' }))).toMatchObject({ State: 'ENABLED' });
    expect(await after.iam.send(new GetRoleCommand({ RoleName: 'f-role' }))).toMatchObject({
      Role: { RoleName: 'f-role' },
    });
    const { Payload } = await after.lambda.send(
      new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{"a":1}') }),
    );
    expect(Buffer.from(Payload ?? []).toString('utf8')).toBe('{"a":1}');
  });
});
