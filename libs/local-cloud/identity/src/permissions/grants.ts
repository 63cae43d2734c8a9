/** What must be granted so that one service may act on another: by a role, or by the resource's own policy. */
export interface Grant {
  /** What needs it. */
  readonly of: string;
  /** Whose policy grants it: the role's trust or permissions, or the resource's policy to a service. */
  readonly by: string;
  readonly actions: readonly string[];
  readonly on: string;
  /** When the engine looks: `created` = the request fails or the resource ends in a failed state; `used` = each time. */
  readonly checked: readonly ('created' | 'used')[];
  readonly source: string;
}

const GUIDE = 'https://docs.aws.amazon.com';
const PIPES = `${GUIDE}/eventbridge/latest/userguide/eb-pipes-permissions.html`;
const SQS_KEYS = `${GUIDE}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html`;
const TRUST = ['sts:AssumeRole'];

/** The roles and resource policies services act under, beyond what callers need for their own calls. */
export const GRANTS: readonly Grant[] = [
  {
    of: 'function',
    by: 'execution role’s trust in lambda.amazonaws.com',
    actions: TRUST,
    on: 'the role',
    checked: ['created', 'used'],
    source: `${GUIDE}/lambda/latest/dg/lambda-intro-execution-role.html`,
  },
  {
    of: 'function’s log',
    by: 'execution role',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: 'the log group’s streams',
    checked: ['used'],
    source: `${GUIDE}/lambda/latest/dg/monitoring-cloudwatchlogs.html`,
  },
  {
    of: 'event source mapping of a queue',
    by: 'execution role',
    actions: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    on: 'the queue',
    checked: ['created', 'used'],
    source: `${GUIDE}/lambda/latest/dg/services-sqs-configure.html`,
  },
  {
    of: 'destination or dead-letter queue of an asynchronous invocation',
    by: 'execution role',
    actions: ['sqs:SendMessage'],
    on: 'the queue',
    checked: ['used'],
    source: `${GUIDE}/lambda/latest/dg/invocation-async-retain-records.html`,
  },
  {
    of: 'pipe',
    by: 'role’s trust in pipes.amazonaws.com',
    actions: TRUST,
    on: 'the role',
    checked: ['created', 'used'],
    source: PIPES,
  },
  {
    of: 'pipe’s source, a DynamoDB stream',
    by: 'pipe’s role',
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    on: 'the stream',
    checked: ['created', 'used'],
    source: PIPES,
  },
  {
    of: 'pipe’s enrichment',
    by: 'pipe’s role',
    actions: ['lambda:InvokeFunction'],
    on: 'the function',
    checked: ['used'],
    source: `${PIPES}#pipes-perms-enhance-target`,
  },
  {
    of: 'pipe’s target',
    by: 'pipe’s role, and no deny in the bus’s policy',
    actions: ['events:PutEvents'],
    on: 'the bus',
    checked: ['used'],
    source: `${PIPES}#pipes-perms-enhance-target`,
  },
  {
    of: 'pipe’s dead-letter queue',
    by: 'pipe’s role',
    actions: ['sqs:SendMessage'],
    on: 'the queue',
    checked: ['used'],
    source: `${PIPES}#pipes-perms-ddb`,
  },
  {
    of: 'schedule',
    by: 'role’s trust in scheduler.amazonaws.com, `aws:SourceArn` being the schedule’s group',
    actions: TRUST,
    on: 'the role',
    checked: ['created', 'used'],
    source: `${GUIDE}/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html`,
  },
  {
    of: 'schedule’s target',
    by: 'schedule’s role',
    actions: ['lambda:InvokeFunction'],
    on: 'the function',
    checked: ['used'],
    source: `${GUIDE}/scheduler/latest/UserGuide/setting-up.html`,
  },
  {
    of: 'schedule’s dead-letter queue',
    by: 'schedule’s role',
    actions: ['sqs:SendMessage'],
    on: 'the queue',
    checked: ['used'],
    source: `${GUIDE}/scheduler/latest/UserGuide/configuring-schedule-dlq.html`,
  },
  {
    of: 'rule’s target, a queue',
    by: 'queue’s policy for events.amazonaws.com, `aws:SourceArn` being the rule',
    actions: ['sqs:SendMessage'],
    on: 'the queue',
    checked: ['used'],
    source: `${GUIDE}/eventbridge/latest/userguide/eb-use-resource-based.html`,
  },
  {
    of: 'dead-letter queue of a rule’s target',
    by: 'queue’s policy for events.amazonaws.com, `aws:SourceArn` being the rule',
    actions: ['sqs:SendMessage'],
    on: 'the queue',
    checked: ['used'],
    source: `${GUIDE}/eventbridge/latest/userguide/eb-rule-dlq.html`,
  },
  {
    of: 'HTTP API’s integration with a function',
    by: 'function’s policy for apigateway.amazonaws.com, or the integration’s role',
    actions: ['lambda:InvokeFunction'],
    on: 'the function',
    checked: ['used'],
    source: `${GUIDE}/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html`,
  },
  {
    of: 'HTTP API’s route with IAM authorization',
    by: 'caller’s own policies, of the API’s account',
    actions: ['execute-api:Invoke'],
    on: '`<api id>/<stage>/<method>/<path>`',
    checked: ['used'],
    source: `${GUIDE}/apigateway/latest/developerguide/http-api-access-control-iam.html`,
  },
  {
    of: 'sender to a queue under a customer’s key',
    by: 'sender’s policies, or the key’s policy (the only way for events.amazonaws.com)',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:sqs:arn`',
    checked: ['used'],
    source: `${SQS_KEYS}#sqs-what-permissions-for-sse`,
  },
  {
    of: 'receiver from a queue under a customer’s key, an event source mapping’s role too',
    by: 'receiver’s policies, or the key’s policy',
    actions: ['kms:Decrypt'],
    on: 'the key, under `aws:sqs:arn`',
    checked: ['used'],
    source: `${SQS_KEYS}#sqs-what-permissions-for-sse`,
  },
  {
    of: 'table under a customer’s key',
    by: 'whoever puts it there',
    actions: ['kms:DescribeKey', 'kms:CreateGrant', 'kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:dynamodb:tableName` and `aws:dynamodb:subscriberId`',
    checked: ['created'],
    source: `${GUIDE}/kms/latest/developerguide/services-dynamodb.html`,
  },
  {
    of: 'reader and writer of a table under a customer’s key, and reader of its stream',
    by: 'reader’s or writer’s policies, or the key’s policy',
    actions: ['kms:Decrypt'],
    on: 'the key, under `aws:dynamodb:tableName` and `aws:dynamodb:subscriberId`',
    checked: ['used'],
    source: `${GUIDE}/kms/latest/developerguide/services-dynamodb.html`,
  },
  {
    of: 'log group under a customer’s key',
    by: 'key’s policy for logs.<region>.amazonaws.com',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:logs:arn`',
    checked: ['created'],
    source: `${GUIDE}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html`,
  },
  {
    of: 'event bus under a customer’s key',
    by: 'key’s policy for events.amazonaws.com, `aws:SourceArn` being the bus',
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:events:event-bus:arn`',
    checked: ['created', 'used'],
    source: `${GUIDE}/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html`,
  },
  {
    of: 'archive under a customer’s key',
    by: 'key’s policy for events.amazonaws.com',
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey'],
    on: 'the key, under `aws:events:event-bus:arn`',
    checked: ['created'],
    source: `${GUIDE}/eventbridge/latest/userguide/encryption-archives.html`,
  },
  {
    of: 'pipe under a customer’s key',
    by: 'pipe’s role',
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:pipes:arn`',
    checked: ['created'],
    source: `${GUIDE}/eventbridge/latest/userguide/eb-encryption-pipes-cmkey.html`,
  },
  {
    of: 'function whose variables are under a customer’s key',
    by: 'whoever sets it; Lambda then grants the execution role kms:Decrypt',
    actions: ['kms:GenerateDataKey', 'kms:CreateGrant'],
    on: 'the key, under `aws:lambda:FunctionArn`',
    checked: ['created'],
    source: `${GUIDE}/lambda/latest/dg/configuration-envvars-encryption.html`,
  },
  {
    of: 'schedule under a customer’s key',
    by: 'schedule’s role',
    actions: ['kms:Decrypt'],
    on: 'the key, under `aws:scheduler:schedule:arn`',
    checked: ['used'],
    source: `${GUIDE}/scheduler/latest/UserGuide/encryption-rest.html`,
  },
];
