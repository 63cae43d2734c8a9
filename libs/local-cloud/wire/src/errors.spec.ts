import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreatePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AwsError, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { CREDENTIALS, EXPIRED, recording, startSpecServer, type SpecServer } from './testing/spec-server';

type Fields = Readonly<Record<string, unknown>>;

const FORBIDDEN = () => [{ action: 'spec:Forbidden', resource: '*' }];

/** Each operation fails in its own way. */
const SERVICES = [
  {
    name: 'sqs',
    operations: {
      GetQueueUrl: failing(new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')),
      GetQueueAttributes: {
        requires: () => [],
        handle: (input: unknown) => ({ Attributes: { echo: JSON.stringify(input) } }),
      },
      ReceiveMessage: { requires: FORBIDDEN, handle: () => ({}) },
      SendMessage: { requires: () => [], handle: () => ({}) },
    },
  },
  {
    name: 'iam',
    operations: {
      GetRole: failing(new AwsError('NoSuchEntityException', 'The role with name <r> cannot be found.')),
      CreateRole: { requires: FORBIDDEN, handle: () => ({}) },
    },
  },
  {
    name: 'lambda',
    operations: {
      GetFunction: failing(new AwsError('ResourceNotFoundException', 'Function not found: f')),
      ListFunctions: failing(new Error('a defect')),
    },
  },
  { name: 'pipes', operations: { CreatePipe: { requires: () => [], handle: () => ({}) } } },
  { name: 'logs', operations: { CreateLogGroup: { requires: () => [], handle: () => ({}) } } },
  {
    name: 'cloudwatch',
    operations: {
      DescribeAlarms: {
        requires: () => [],
        handle: (input: unknown) => ({
          MetricAlarms: [{ AlarmName: JSON.stringify(input), StateUpdatedTimestamp: new Date(1_500), Threshold: 0.5 }],
        }),
      },
      GetDashboard: failing(new AwsError('ResourceNotFound', 'Dashboard x does not exist')),
    },
  },
  {
    name: 'dynamodb',
    operations: { PutItem: { requires: () => [] }, TransactWriteItems: { requires: () => [] } },
    passThrough: async (operation: string) => {
      if (operation === 'PutItem') return { Attributes: { n: { N: '12345678901234567890' } } };
      const CancellationReasons = [{ Code: 'ConditionalCheckFailed', Item: { b: { B: 'AAE=' } } }, { Code: 'None' }];
      throw new AwsError('TransactionCanceledException', 'Transaction cancelled', { members: { CancellationReasons } });
    },
  },
] as unknown as Service<ServiceName>[];

function failing(error: Error): object {
  return {
    requires: () => [],
    handle: () => {
      throw error;
    },
  };
}

describe('an SDK client that fails', () => {
  let server: SpecServer;

  beforeAll(async () => {
    server = await startSpecServer(SERVICES);
  });

  afterAll(() => server.close());

  const config = (overrides: object = {}) => ({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
    ...overrides,
  });

  const failure = async (call: Promise<unknown>): Promise<Fields> => {
    try {
      await call;
    } catch (error) {
      const { name, message, $metadata, ...rest } = error as Record<string, unknown> & {
        $metadata?: { httpStatusCode?: number };
      };
      return { name, message, status: $metadata?.httpStatusCode, ...rest };
    }
    throw new Error('the call was expected to fail');
  };

  it('gets modelled errors as their classes, with the status and the members AWS gives them', async () => {
    expect(await failure(new SQSClient(config()).send(new GetQueueUrlCommand({ QueueName: 'q' })))).toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      status: 400,
    });
    expect(await failure(new IAMClient(config()).send(new GetRoleCommand({ RoleName: 'r' })))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name <r> cannot be found.',
      Error: { Type: 'Sender', Code: 'NoSuchEntity' },
      status: 404,
    });
    expect(await failure(new LambdaClient(config()).send(new GetFunctionCommand({ FunctionName: 'f' })))).toMatchObject(
      {
        name: 'ResourceNotFoundException',
        message: 'Function not found: f',
        Type: 'User',
        status: 404,
      },
    );
  });

  it('gets a cancelled transaction with its reasons, byte for byte', async () => {
    const item = { Put: { TableName: 't', Item: { pk: { S: 'a' } } } };
    const call = new DynamoDBClient(config()).send(new TransactWriteItemsCommand({ TransactItems: [item, item] }));
    expect(await failure(call)).toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled',
      CancellationReasons: [
        { Code: 'ConditionalCheckFailed', Item: { b: { B: new Uint8Array([0, 1]) } } },
        { Code: 'None' },
      ],
    });
    const put = await new DynamoDBClient(config()).send(new PutItemCommand({ TableName: 't', Item: {} }));
    expect(put.Attributes).toEqual({ n: { N: '12345678901234567890' } });
  });

  it.each<[string, (overrides: object) => Promise<unknown>, string, string, string, number]>([
    [
      'sqs',
      (o) => new SQSClient(config(o)).send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b' })),
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
      'ExpiredToken',
      403,
    ],
    [
      'logs',
      (o) => new CloudWatchLogsClient(config(o)).send(new CreateLogGroupCommand({ logGroupName: 'g' })),
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'ExpiredTokenException',
      400,
    ],
    [
      'iam',
      (o) => new IAMClient(config(o)).send(new GetRoleCommand({ RoleName: 'r' })),
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
      'ExpiredToken',
      403,
    ],
    [
      'lambda',
      (o) => new LambdaClient(config(o)).send(new GetFunctionCommand({ FunctionName: 'f' })),
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'ExpiredTokenException',
      403,
    ],
    [
      'dynamodb',
      (o) => new DynamoDBClient(config(o)).send(new PutItemCommand({ TableName: 't', Item: {} })),
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'ExpiredTokenException',
      400,
    ],
  ])(
    'of %s hears about an unknown key, a wrong secret and an expired session in that service’s words',
    async (_name, call, unknownKey, wrongSecret, expired, status) => {
      const stranger = { accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'local' };
      expect(await failure(call({ credentials: stranger }))).toMatchObject({
        name: unknownKey,
        message: 'The security token included in the request is invalid.',
      });
      expect(await failure(call({ credentials: { ...CREDENTIALS, secretAccessKey: 'x' } }))).toMatchObject({
        name: wrongSecret,
        message: expect.stringMatching(/^The request signature we calculated does not match/) as unknown,
      });
      expect(await failure(call({ credentials: EXPIRED }))).toMatchObject({
        name: expired,
        message: 'The security token included in the request is expired',
        status,
      });
    },
  );

  it('is refused when its clock is off, unless the engine’s clock is off as much', async () => {
    const late = () =>
      new LambdaClient(config({ systemClockOffset: 3_600_000 })).send(new GetFunctionCommand({ FunctionName: 'f' }));
    expect(await failure(late())).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('Signature not yet current') as unknown,
    });
    server.clock.advance(3_600_000);
    expect(await failure(late())).toMatchObject({ name: 'ResourceNotFoundException' });
    const real = new LambdaClient(config()).send(new GetFunctionCommand({ FunctionName: 'f' }));
    expect(await failure(real)).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('hears AccessDenied in the name its protocol has for it', async () => {
    const role = { RoleName: 'r', AssumeRolePolicyDocument: '{}' };
    expect(await failure(new IAMClient(config()).send(new CreateRoleCommand(role)))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    expect(await failure(new SQSClient(config()).send(new ReceiveMessageCommand({ QueueUrl: 'q' })))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
  });

  it('is told by name what is not supported, whatever the input', async () => {
    expect(await failure(new CloudWatchClient(config()).send(new PutMetricAlarmCommand({} as never)))).toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('cloudwatch:PutMetricAlarm') as unknown,
      status: 400,
    });
  });

  it('is told which required members are missing, in the service’s words', async () => {
    expect(
      await failure(new SQSClient(config()).send(new SendMessageCommand({ QueueUrl: 'q' } as never))),
    ).toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageBody.',
    });
    expect(
      await failure(new PipesClient(config()).send(new CreatePipeCommand({ Name: 'p', Source: 's' } as never))),
    ).toMatchObject({
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'target' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    });
    expect(
      await failure(new CloudWatchLogsClient(config()).send(new CreateLogGroupCommand({} as never))),
    ).toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await failure(new IAMClient(config()).send(new CreateRoleCommand({} as never)))).toMatchObject({
      name: 'ValidationError',
    });
  });

  it('gets a defect of the engine as InternalFailure, and the log gets its stack', async () => {
    expect(await failure(new LambdaClient(config()).send(new ListFunctionsCommand({})))).toMatchObject({
      name: 'InternalFailure',
      status: 500,
    });
    expect(server.defects.splice(0).join()).toContain('a defect');
  });

  const query = (namespace: string, version: string, xmlNamespace: string) => ({
    protocol: AwsQueryProtocol,
    protocolSettings: { defaultNamespace: namespace, version, xmlNamespace },
  });
  const PROTOCOLS: [string, object][] = [
    ['JSON', {}],
    ['Query', query('com.amazonaws.cloudwatch', '2010-08-01', 'http://monitoring.amazonaws.com/doc/2010-08-01/')],
    [
      'CBOR',
      {
        protocol: AwsSmithyRpcV2CborProtocol,
        protocolSettings: {
          defaultNamespace: 'com.amazonaws.cloudwatch',
          serviceTarget: 'GraniteServiceVersion20100801',
        },
      },
    ],
  ];

  it.each(PROTOCOLS)('of CloudWatch is understood when it speaks %s', async (_name, protocol) => {
    const client = new CloudWatchClient(config(protocol));
    const input = { AlarmNames: ['a', 'b'], MaxRecords: 5 };
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand(input));
    expect(MetricAlarms).toEqual([
      { AlarmName: JSON.stringify(input), StateUpdatedTimestamp: new Date(1_500), Threshold: 0.5 },
    ]);
    const missing = await failure(client.send(new GetDashboardCommand({ DashboardName: 'x' })));
    expect(missing).toMatchObject({ message: 'Dashboard x does not exist' });
    expect(missing['name']).toMatch(/^(DashboardNotFoundError|ResourceNotFound)$/);
  });

  it('of SQS is understood when it speaks Query', async () => {
    const client = new SQSClient(
      config(query('com.amazonaws.sqs', '2012-11-05', 'http://queue.amazonaws.com/doc/2012-11-05/')),
    );
    const input = { QueueUrl: 'http://q', AttributeNames: ['All', 'Policy'] as const };
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ ...input, AttributeNames: [...input.AttributeNames] }),
    );
    expect(Attributes).toEqual({ echo: JSON.stringify(input) });
    expect(await failure(client.send(new GetQueueUrlCommand({ QueueName: 'q' })))).toMatchObject({
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  it('never reaches a handler with an input that is not of the operation’s shape', async () => {
    const { service, inputs } = recording('sqs', 'SendMessage', () => ({}));
    const strict = await startSpecServer([service]);
    const client = new SQSClient({ ...config(), endpoint: strict.endpoint });
    const call = client.send(
      new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b', MessageAttributes: { a: 'text' } } as never),
    );
    expect((await failure(call))['name']).toMatch(/SerializationException|MalformedInput/);
    expect(inputs).toEqual([]);
    await strict.close();
  });
});
