import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpoint, newAccount, region } from './cloud';
import { echoZip } from './fixtures';

jest.setTimeout(120_000);

/** The command line of AWS, version 1 or 2: what a user types first against a new endpoint. */
describe('the AWS CLI', () => {
  const account = newAccount();
  const directory = mkdtempSync(join(tmpdir(), 'aws-cli-'));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What the command prints, as JSON; rejects with what it says on stderr unless it ends well. */
  const aws = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)('aws', ['--endpoint-url', endpoint(), '--output', 'json', ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_DEFAULT_REGION: region,
        AWS_PAGER: '',
      },
    });
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  };

  it('sts: tells who is calling', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: account });
  });

  it('sqs: a message goes in and comes out', async () => {
    const { QueueUrl } = await aws('sqs', 'create-queue', '--queue-name', 'q');
    await aws('sqs', 'send-message', '--queue-url', String(QueueUrl), '--message-body', 'hallo');
    expect(await aws('sqs', 'receive-message', '--queue-url', String(QueueUrl))).toMatchObject({
      Messages: [{ Body: 'hallo' }],
    });
  });

  it('sns: a topic is made, subscribed to and published to', async () => {
    const { TopicArn } = await aws('sns', 'create-topic', '--name', 't');
    const to = ['--protocol', 'email', '--notification-endpoint', 'ada@example.com'];
    expect(await aws('sns', 'subscribe', '--topic-arn', String(TopicArn), ...to)).toEqual({
      SubscriptionArn: 'pending confirmation',
    });
    expect(await aws('sns', 'publish', '--topic-arn', String(TopicArn), '--message', 'hallo')).toMatchObject({
      MessageId: expect.stringMatching(/-/) as unknown,
    });
    expect(await aws('sns', 'list-topics')).toEqual({ Topics: [{ TopicArn }] });
  });

  it('events: a rule is put and listed, an event is taken', async () => {
    await aws('events', 'put-rule', '--name', 'r', '--event-pattern', '{"source":["app"]}');
    expect(await aws('events', 'list-rules')).toMatchObject({ Rules: [{ Name: 'r', State: 'ENABLED' }] });
    const entries = file('entries.json', JSON.stringify([{ Source: 'app', DetailType: 'done', Detail: '{}' }]));
    expect(await aws('events', 'put-events', '--entries', `file://${entries}`)).toMatchObject({ FailedEntryCount: 0 });
  });

  it('iam and lambda: a function is made and answers', async () => {
    const Principal = { Service: 'lambda.amazonaws.com' };
    const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
    const trust = file('trust.json', JSON.stringify({ Version: '2012-10-17', Statement }));
    const { Role } = await aws(
      ...['iam', 'create-role', '--role-name', 'r', '--assume-role-policy-document', `file://${trust}`],
    );
    const code = file('code.zip', echoZip());
    const role = (Role as { Arn: string }).Arn;
    await aws(
      ...['lambda', 'create-function', '--function-name', 'f', '--runtime', 'nodejs22.x', '--role', role],
      ...['--handler', 'index.handler', '--zip-file', `fileb://${code}`],
    );
    await aws('lambda', 'wait', 'function-active-v2', '--function-name', 'f');
    const payload = file('payload.json', '{"a":1}');
    const answer = join(directory, 'answer.json');
    expect(
      await aws('lambda', 'invoke', '--function-name', 'f', '--payload', `fileb://${payload}`, answer),
    ).toMatchObject({ StatusCode: 200 });
  });

  it('dynamodb and its streams: an item is written and read', async () => {
    await aws(
      ...['dynamodb', 'create-table', '--table-name', 'tab', '--billing-mode', 'PAY_PER_REQUEST'],
      ...['--attribute-definitions', 'AttributeName=pk,AttributeType=S'],
      ...['--key-schema', 'AttributeName=pk,KeyType=HASH'],
      ...['--stream-specification', 'StreamEnabled=true,StreamViewType=NEW_IMAGE'],
    );
    await aws('dynamodb', 'wait', 'table-exists', '--table-name', 'tab');
    await aws('dynamodb', 'put-item', '--table-name', 'tab', '--item', '{"pk":{"S":"a"}}');
    expect(await aws('dynamodb', 'scan', '--table-name', 'tab')).toMatchObject({ Items: [{ pk: { S: 'a' } }] });
    expect(await aws('dynamodbstreams', 'list-streams')).toMatchObject({ Streams: [{ TableName: 'tab' }] });
  });

  it('logs: a group is made and listed', async () => {
    await aws('logs', 'create-log-group', '--log-group-name', 'g');
    expect(await aws('logs', 'describe-log-groups')).toMatchObject({
      logGroups: expect.arrayContaining([expect.objectContaining({ logGroupName: 'g' })]) as unknown,
    });
  });

  it('cloudwatch: an alarm is put and described', async () => {
    await aws(
      ...['cloudwatch', 'put-metric-alarm', '--alarm-name', 'a', '--namespace', 'n', '--metric-name', 'm'],
      ...['--statistic', 'Sum', '--period', '60', '--evaluation-periods', '1', '--threshold', '1'],
      ...['--comparison-operator', 'GreaterThanThreshold'],
    );
    expect(await aws('cloudwatch', 'describe-alarms')).toMatchObject({ MetricAlarms: [{ AlarmName: 'a' }] });
  });

  it('apigatewayv2: an API is made and listed', async () => {
    await aws('apigatewayv2', 'create-api', '--name', 'a', '--protocol-type', 'HTTP');
    expect(await aws('apigatewayv2', 'get-apis')).toMatchObject({ Items: [{ Name: 'a', ProtocolType: 'HTTP' }] });
  });

  it('scheduler: a group is made and listed', async () => {
    await aws('scheduler', 'create-schedule-group', '--name', 'g');
    expect(await aws('scheduler', 'list-schedule-groups', '--name-prefix', 'g')).toMatchObject({
      ScheduleGroups: [{ Name: 'g' }],
    });
  });

  it('pipes: there are none yet', async () => {
    expect(await aws('pipes', 'list-pipes')).toEqual({ Pipes: [] });
  });

  it('kms: the keys of AWS are there', async () => {
    expect(await aws('kms', 'describe-key', '--key-id', 'alias/aws/sqs')).toMatchObject({
      KeyMetadata: { KeyManager: 'AWS' },
    });
  });

  it('ssm: a parameter is put', async () => {
    expect(await aws('ssm', 'put-parameter', '--name', '/a/b', '--value', 'x', '--type', 'SecureString')).toEqual({
      Version: 1,
      Tier: 'Standard',
    });
  });

  it('secretsmanager: a secret is made', async () => {
    expect(await aws('secretsmanager', 'create-secret', '--name', 's', '--secret-string', 'x')).toMatchObject({
      Name: 's',
      VersionId: expect.stringMatching(/^[\w-]{36}$/) as unknown,
    });
  });

  it('s3: a bucket is made', async () => {
    const name = `cli-${account}`;
    expect(await aws('s3api', 'create-bucket', '--bucket', name)).toMatchObject({ Location: `/${name}` });
  });

  it('and says what AWS says of what is missing', async () => {
    await expect(aws('lambda', 'get-function', '--function-name', 'nowhere')).rejects.toMatchObject({
      stderr: expect.stringContaining(
        `An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: arn:aws:lambda:${region}:${account}:function:nowhere`,
      ) as unknown,
    });
  });
});
