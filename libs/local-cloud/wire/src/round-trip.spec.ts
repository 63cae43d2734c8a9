import { ApiGatewayV2Client, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, PutMetricAlarmCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBStreamsClient, ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, GetRoleCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda';
import { CreatePipeCommand, PipesClient, UntagResourceCommand } from '@aws-sdk/client-pipes';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import { CREDENTIALS, recording, startSpecServer } from './testing/spec-server';

interface Exchange {
  readonly service: ServiceName;
  readonly operation: string;
  /** What the handler is expected to get. */
  readonly input: object;
  readonly output: object;
  call(config: Config): Promise<object>;
}

interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof CREDENTIALS;
}

const AT = new Date('2026-03-04T05:06:07.250Z');
const bytes = (text: string): Buffer => Buffer.from(text);

/** An exchange whose handler must get exactly what the client was given. */
function exchange<I extends object>(
  service: ServiceName,
  operation: string,
  input: I,
  output: object,
  call: (config: Config, input: I) => Promise<object>,
): Exchange {
  return { service, operation, input, output, call: (config) => call(config, input) };
}

const EXCHANGES: Exchange[] = [
  exchange(
    'sqs',
    'SendMessageBatch',
    {
      QueueUrl: 'http://q',
      Entries: [
        {
          Id: 'a',
          MessageBody: '<ü & "> \u{1F600}',
          MessageAttributes: {
            blob: { DataType: 'Binary', BinaryValue: bytes('\u0000ÿ') },
            __proto: { DataType: 'String', StringValue: 'x' },
          },
        },
      ],
    },
    { Successful: [{ Id: 'a', MessageId: 'm', MD5OfMessageBody: '2b7ee1d6b6c0a5ebbb9b4b0bd3d4b8a2' }], Failed: [] },
    (config, input) => new SQSClient({ ...config, md5: false }).send(new SendMessageBatchCommand(input)),
  ),
  exchange(
    'sqs',
    'ReceiveMessage',
    { QueueUrl: 'http://q', MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] },
    { Messages: [{ MessageId: 'm', Body: 'b', Attributes: { SentTimestamp: '1' } }] },
    (config, input) =>
      new SQSClient({ ...config, md5: false }).send(
        new ReceiveMessageCommand({ ...input, MessageSystemAttributeNames: ['All'] }),
      ),
  ),
  exchange(
    'cloudwatch',
    'PutMetricAlarm',
    {
      AlarmName: 'a',
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ActionsEnabled: false,
      Dimensions: [{ Name: 'n', Value: 'v' }],
    },
    {},
    (config, input) =>
      new CloudWatchClient(config).send(new PutMetricAlarmCommand({ ...input, ComparisonOperator: undefined })),
  ),
  exchange(
    'cloudwatch',
    'DescribeAlarms',
    { AlarmNames: ['a'] },
    { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: AT, Dimensions: [] }] },
    (config, input) => new CloudWatchClient(config).send(new DescribeAlarmsCommand(input)),
  ),
  exchange(
    'logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: '/aws' },
    { logGroups: [{ creationTime: 1_700_000_000_000 }] },
    (config, input) => new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand(input)),
  ),
  exchange('dynamodbstreams', 'ListStreams', { TableName: 't' }, { Streams: [{ TableName: 't' }] }, (config, input) =>
    new DynamoDBStreamsClient(config).send(new ListStreamsCommand(input)),
  ),
  exchange(
    'events',
    'PutEvents',
    { Entries: [{ Time: new Date('2026-03-04T05:06:07.000Z'), Source: 's', DetailType: 't', Detail: '{}' }] },
    { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] },
    (config, input) => new EventBridgeClient(config).send(new PutEventsCommand(input)),
  ),
  exchange(
    'iam',
    'CreateRole',
    {
      RoleName: 'r',
      AssumeRolePolicyDocument: '{"a":"<&>"}',
      MaxSessionDuration: 3600,
      Tags: [
        { Key: 'k1', Value: '' },
        { Key: 'k.2', Value: 'ü=&+ ' },
      ],
    },
    {
      Role: {
        Path: '/',
        RoleName: 'r',
        RoleId: 'id',
        Arn: 'arn',
        CreateDate: AT,
        Tags: [{ Key: 'a<b', Value: '"&\r\n' }],
      },
    },
    (config, input) => new IAMClient(config).send(new CreateRoleCommand(input)),
  ),
  exchange(
    'iam',
    'ListRolePolicies',
    { RoleName: 'r' },
    { PolicyNames: ['a', 'b'], IsTruncated: false },
    (config, input) => new IAMClient(config).send(new ListRolePoliciesCommand(input)),
  ),
  exchange(
    'sts',
    'AssumeRole',
    { RoleArn: 'arn:aws:iam::0:role/r', RoleSessionName: 's', PolicyArns: [{ arn: 'p1' }, { arn: 'p2' }] },
    { Credentials: { AccessKeyId: 'A', SecretAccessKey: 'S', SessionToken: 'T', Expiration: AT } },
    (config, input) => new STSClient(config).send(new AssumeRoleCommand(input)),
  ),
  exchange(
    'kms',
    'DescribeKey',
    { KeyId: 'alias/x' },
    { KeyMetadata: { KeyId: 'k', CreationDate: AT, Enabled: true } },
    (config, input) => new KMSClient(config).send(new DescribeKeyCommand(input)),
  ),
  exchange(
    'lambda',
    'Invoke',
    {
      FunctionName: 'arn:aws:lambda:us-east-1:0:function:f',
      InvocationType: 'RequestResponse',
      Qualifier: '$LATEST',
      Payload: bytes('{"ü":1}'),
    },
    { StatusCode: 202, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST', Payload: bytes('{"errorMessage":"x"}') },
    (config, input) =>
      new LambdaClient(config).send(new InvokeCommand({ ...input, InvocationType: 'RequestResponse' })),
  ),
  exchange(
    'lambda',
    'CreateFunction',
    {
      FunctionName: 'f',
      Role: 'arn',
      Code: { ZipFile: Buffer.alloc(200_000, 7) },
      Environment: { Variables: { A: '1' } },
      Timeout: 3,
    },
    { FunctionName: 'f', CodeSize: 12, Environment: { Variables: { A: '1' } } },
    (config, input) => new LambdaClient(config).send(new CreateFunctionCommand(input)),
  ),
  exchange(
    'lambda',
    'ListTags',
    { Resource: 'arn:aws:lambda:us-east-1:0:function:f' },
    { Tags: { a: 'b' } },
    (config, input) => new LambdaClient(config).send(new ListTagsCommand(input)),
  ),
  exchange(
    'pipes',
    'CreatePipe',
    {
      Name: 'p',
      Source: 's',
      Target: 't',
      RoleArn: 'r',
      Tags: { a: 'b' },
      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{}' }] } },
    },
    { Arn: 'arn', Name: 'p', CreationTime: AT },
    (config, input) => new PipesClient(config).send(new CreatePipeCommand(input)),
  ),
  exchange(
    'pipes',
    'UntagResource',
    { resourceArn: 'arn:aws:pipes:us-east-1:0:pipe/p', tagKeys: ['a', 'b c&'] },
    {},
    (config, input) => new PipesClient(config).send(new UntagResourceCommand(input)),
  ),
  exchange(
    'apigatewayv2',
    'CreateStage',
    { ApiId: 'x', StageName: '$default', AutoDeploy: true, AccessLogSettings: { Format: '$context.requestId' } },
    { StageName: '$default', CreatedDate: new Date('2026-03-04T05:06:07Z'), AccessLogSettings: { Format: 'f' } },
    (config, input) => new ApiGatewayV2Client(config).send(new CreateStageCommand(input)),
  ),
  exchange(
    'scheduler',
    'CreateSchedule',
    {
      Name: 's',
      ScheduleExpression: 'rate(1 minute)',
      StartDate: AT,
      Target: { Arn: 'a', RoleArn: 'r' },
      FlexibleTimeWindow: { Mode: 'OFF' },
      ClientToken: 'c',
    },
    { ScheduleArn: 'arn' },
    (config, input) =>
      new SchedulerClient(config).send(new CreateScheduleCommand({ ...input, FlexibleTimeWindow: { Mode: 'OFF' } })),
  ),
];

describe('an SDK client against the wire', () => {
  test.each(EXCHANGES)(
    '$service $operation arrives as it was sent and comes back as it was answered',
    async (given) => {
      const { service, inputs } = recording(given.service, given.operation, () => given.output);
      const server = await startSpecServer([service]);
      try {
        const config = { endpoint: server.endpoint, region: 'eu-west-1', credentials: CREDENTIALS };
        const { $metadata, ...output } = (await given.call(config)) as { $metadata: { requestId?: string } };
        expect(server.defects).toEqual([]);
        expect(comparable(inputs)).toEqual(comparable([given.input]));
        expect(comparable(output)).toMatchObject(comparable(given.output) as object);
        expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
      } finally {
        await server.close();
      }
    },
  );

  it('carries a document by name only when the schema knows it: unknown members of an answer stay behind', async () => {
    const { service } = recording('iam', 'GetRole', () => ({ Role: { RoleName: 'r', secret: 'x' } }));
    const server = await startSpecServer([service]);
    try {
      const client = new IAMClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
      const { Role } = await client.send(new GetRoleCommand({ RoleName: 'r' }));
      expect(Role).not.toHaveProperty('secret');
      expect(Role?.RoleName).toBe('r');
    } finally {
      await server.close();
    }
  });
});

/** Byte arrays differ in class between SDK and Node; what counts is what is in them. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`;
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}
