const PLACE = 'us-east-1:000000000000';
const TOPIC_ARN = `arn:aws:sns:${PLACE}:NAME`;
const QUEUE_ARN = `arn:aws:sqs:${PLACE}:NAME`;
const ROLE_ARN = 'arn:aws:iam::000000000000:role/NAME';
const FUNCTION_ARN = `arn:aws:lambda:${PLACE}:function:NAME`;
const TABLE_ARN = `arn:aws:dynamodb:${PLACE}:table/NAME`;
const BUS_ARN = `arn:aws:events:${PLACE}:event-bus/NAME`;
const ARCHIVE_ARN = `arn:aws:events:${PLACE}:archive/NAME`;
const KEY_ARN = `arn:aws:kms:${PLACE}:key/ID`;
const LOG_GROUP_ARN = `arn:aws:logs:${PLACE}:log-group:NAME`;

/** Every member that permissions are read from, under the names of all services; what doesn't fit one is told apart below. */
const COMMON: Readonly<Record<string, unknown>> = {
  AccessLogSettings: { DestinationArn: LOG_GROUP_ARN },
  AlarmName: 'NAME',
  AliasName: 'alias/NAME',
  AlarmNames: ['NAME'],
  ApiId: 'ID',
  ArchiveName: 'NAME',
  DashboardName: 'NAME',
  DashboardNames: ['NAME'],
  DeploymentId: 'ID',
  DestinationArn: QUEUE_ARN,
  Entries: [{ EventBusName: 'NAME' }],
  EventBusName: 'NAME',
  EventSourceArn: BUS_ARN,
  FunctionName: 'NAME',
  GroupName: 'GROUP',
  IntegrationId: 'ID',
  Key: {},
  KeyId: KEY_ARN,
  LayerName: 'NAME',
  Layers: [`arn:aws:lambda:${PLACE}:layer:NAME:1`],
  LogConfiguration: { CloudwatchLogsLogDestination: { LogGroupArn: LOG_GROUP_ARN } },
  Name: 'NAME',
  NamePrefix: 'NAME',
  Names: ['NAME'],
  Path: '/NAME',
  PolicyArn: 'arn:aws:iam::000000000000:policy/NAME',
  PolicyName: 'NAME',
  QueueName: 'NAME',
  QueueUrl: 'http://127.0.0.1/000000000000/NAME',
  ReplayName: 'NAME',
  RequestItems: { NAME: [] },
  ResourceId: 'NAME',
  Role: ROLE_ARN,
  RoleArn: ROLE_ARN,
  RoleName: 'NAME',
  RouteId: 'ID',
  Rule: 'NAME',
  SecretId: 'NAME',
  ShardIterator: `${TABLE_ARN}/stream/LABEL|1|ITERATOR`,
  SourceArn: QUEUE_ARN,
  StageName: 'NAME',
  SubscriptionArn: `${TOPIC_ARN}:ID`,
  StreamArn: `${TABLE_ARN}/stream/LABEL`,
  TableName: 'NAME',
  TargetKeyId: KEY_ARN,
  Tags: [{ Key: 'KEY', Value: 'VALUE' }],
  Target: { RoleArn: ROLE_ARN },
  Targets: [{ Arn: QUEUE_ARN, RoleArn: ROLE_ARN }],
  TaskHandle: Buffer.from(`ID ${QUEUE_ARN}`).toString('base64'),
  TopicArn: TOPIC_ARN,
  UUID: 'ID',
  VersionNumber: 1,
  logGroupName: 'NAME',
  logStreamName: 'STREAM',
  policyName: 'NAME',
  tags: { KEY: 'VALUE' },
};

/** Of S3, whose keys are texts. */
const OBJECT: Readonly<Record<string, unknown>> = {
  ACL: 'private',
  Bucket: 'BUCKET',
  CopySource: 'SOURCE/KEY',
  Key: 'KEY',
  Tagging: 'KEY=VALUE',
  TaggingDirective: 'REPLACE',
  Tags: undefined,
};

const CHILD_IDS = ['DeploymentId', 'IntegrationId', 'RouteId', 'StageName'];

/** What a resource is called where tags are set, by service. */
const TAGGED: Readonly<Record<string, string>> = {
  apigatewayv2: 'arn:aws:apigateway:us-east-1::/apis/ID',
  cloudwatch: `arn:aws:cloudwatch:${PLACE}:alarm:NAME`,
  dynamodb: TABLE_ARN,
  events: `arn:aws:events:${PLACE}:rule/NAME`,
  lambda: FUNCTION_ARN,
  logs: LOG_GROUP_ARN,
  pipes: `arn:aws:pipes:${PLACE}:pipe/NAME`,
  scheduler: `arn:aws:scheduler:${PLACE}:schedule-group/NAME`,
  sns: TOPIC_ARN,
};

const OWN: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  's3 CreateBucket': {
    ObjectOwnership: 'ObjectWriter',
    CreateBucketConfiguration: { Tags: [{ Key: 'KEY', Value: 'VALUE' }] },
  },
  's3 ListBuckets': {},
  'dynamodb TransactGetItems': { TransactItems: [{ Get: { TableName: 'NAME', Key: {} } }] },
  'dynamodb TransactWriteItems': {
    TransactItems: [
      { Put: { TableName: 'NAME', Item: {} } },
      ...['Update', 'Delete', 'ConditionCheck'].map((kind) => ({ [kind]: { TableName: 'NAME', Key: {} } })),
    ],
  },
  'lambda GetLayerVersionByArn': { Arn: `arn:aws:lambda:${PLACE}:layer:NAME:1` },
  'kms ReEncrypt': { SourceKeyId: KEY_ARN, DestinationKeyId: KEY_ARN },
  'secretsmanager BatchGetSecretValue': { Filters: [{}] },
  'events StartReplay': { EventSourceArn: ARCHIVE_ARN },
};

/**
 * Inputs with every option that needs a permission, for looking at what an operation requires; never run. S3 asks for
 * another permission, not for one more, where a version is meant.
 */
export function sampleInputs(service: string, operation: string): readonly Readonly<Record<string, unknown>>[] {
  const input = sampleInput(service, operation);
  if (service !== 's3') return [input];
  return [input, { ...input, CopySource: 'SOURCE/KEY?versionId=VERSION', VersionId: 'VERSION' }];
}

function sampleInput(service: string, operation: string): Readonly<Record<string, unknown>> {
  const tagged = TAGGED[service];
  // What is made or listed has no id in its path.
  const withoutId = service === 'apigatewayv2' && /^Create|^Get.*s$/.test(operation);
  return {
    ...COMMON,
    ...(service === 's3' ? OBJECT : {}),
    ...(withoutId ? Object.fromEntries(CHILD_IDS.map((name) => [name, undefined])) : {}),
    ...Object.fromEntries(['Resource', 'ResourceARN', 'ResourceArn', 'resourceArn'].map((name) => [name, tagged])),
    ...OWN[`${service} ${operation}`],
  };
}
