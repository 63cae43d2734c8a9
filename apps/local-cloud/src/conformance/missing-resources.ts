import type { InputOf, OperationName, ServiceName } from '@outbox/local-cloud-kernel';
import { arn } from './cloud';

/** An operation asked for what isn't there, and the error its API reference names for that. */
export interface MissingCase {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: unknown;
  readonly error: string;
}

const queueUrl = (account: string): string => `http://queue.local/${account}/nowhere`;

/** For one service: a row per operation; the error is the same unless a row names another. */
function rows<S extends ServiceName>(
  service: S,
  error: string,
  inputs: {
    readonly [Op in OperationName<S>]?: InputOf<S, Op> | { readonly input: InputOf<S, Op>; readonly error: string };
  },
): readonly MissingCase[] {
  return Object.entries<unknown>(inputs).map(([operation, given]) => {
    const own = typeof given === 'object' && given !== null && 'error' in given && 'input' in given ? given : undefined;
    return own
      ? { service, operation, input: own.input, error: String(own.error) }
      : { service, operation, input: given, error };
  });
}

/** Every operation that names a resource, each asked for one nobody made. Source: the "Errors" part of each operation's reference. */
export function missingResources(account: string): readonly MissingCase[] {
  const QueueUrl = queueUrl(account);
  const lambdaArn = arn(account, 'lambda', 'function:nowhere');
  const topicArn = arn(account, 'sns', 'nowhere');
  const busArn = arn(account, 'events', 'event-bus/nowhere');
  const tableArn = arn(account, 'dynamodb', 'table/nowhere');
  const policyArn = `arn:aws:iam::${account}:policy/nowhere`;
  const roleArn = `arn:aws:iam::${account}:role/nowhere`;
  const pipeArn = arn(account, 'pipes', 'pipe/nowhere');
  const groupArn = arn(account, 'scheduler', 'schedule-group/nowhere');
  const logArn = arn(account, 'logs', 'log-group:nowhere');
  const keys = { TableName: 'nowhere', Key: { pk: { S: 'a' } } };
  const ApiId = 'nowhere123';
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  });
  return [
    ...rows('sqs', 'QueueDoesNotExist', {
      AddPermission: { QueueUrl, Label: 'a', AWSAccountIds: [account], Actions: ['SendMessage'] },
      ChangeMessageVisibility: { QueueUrl, ReceiptHandle: 'a', VisibilityTimeout: 1 },
      ChangeMessageVisibilityBatch: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'a', VisibilityTimeout: 1 }] },
      DeleteMessage: { QueueUrl, ReceiptHandle: 'a' },
      DeleteMessageBatch: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'a' }] },
      DeleteQueue: { QueueUrl },
      GetQueueAttributes: { QueueUrl, AttributeNames: ['All'] },
      GetQueueUrl: { QueueName: 'nowhere' },
      ListDeadLetterSourceQueues: { QueueUrl },
      ListQueueTags: { QueueUrl },
      PurgeQueue: { QueueUrl },
      ReceiveMessage: { QueueUrl },
      RemovePermission: { QueueUrl, Label: 'a' },
      SendMessage: { QueueUrl, MessageBody: 'a' },
      SendMessageBatch: { QueueUrl, Entries: [{ Id: 'a', MessageBody: 'a' }] },
      SetQueueAttributes: { QueueUrl, Attributes: { VisibilityTimeout: '1' } },
      TagQueue: { QueueUrl, Tags: { a: 'b' } },
      UntagQueue: { QueueUrl, TagKeys: ['a'] },
      ListMessageMoveTasks: {
        input: { SourceArn: arn(account, 'sqs', 'nowhere') },
        error: 'ResourceNotFoundException',
      },
      StartMessageMoveTask: {
        input: { SourceArn: arn(account, 'sqs', 'nowhere') },
        error: 'ResourceNotFoundException',
      },
    }),
    ...rows('sns', 'NotFoundException', {
      ConfirmSubscription: { TopicArn: topicArn, Token: 'a' },
      GetSubscriptionAttributes: { SubscriptionArn: `${topicArn}:00000000-0000-4000-8000-000000000000` },
      GetTopicAttributes: { TopicArn: topicArn },
      ListSubscriptionsByTopic: { TopicArn: topicArn },
      ListTagsForResource: { input: { ResourceArn: topicArn }, error: 'ResourceNotFoundException' },
      Publish: { TopicArn: topicArn, Message: 'a' },
      PublishBatch: { TopicArn: topicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'a' }] },
      SetSubscriptionAttributes: {
        SubscriptionArn: `${topicArn}:00000000-0000-4000-8000-000000000000`,
        AttributeName: 'RawMessageDelivery',
        AttributeValue: 'true',
      },
      SetTopicAttributes: { TopicArn: topicArn, AttributeName: 'DisplayName', AttributeValue: 'a' },
      Subscribe: { TopicArn: topicArn, Protocol: 'email', Endpoint: 'a@example.com' },
      TagResource: {
        input: { ResourceArn: topicArn, Tags: [{ Key: 'a', Value: 'b' }] },
        error: 'ResourceNotFoundException',
      },
      UntagResource: { input: { ResourceArn: topicArn, TagKeys: ['a'] }, error: 'ResourceNotFoundException' },
    }),
    ...rows('events', 'ResourceNotFoundException', {
      CancelReplay: { ReplayName: 'nowhere' },
      CreateArchive: { ArchiveName: 'a', EventSourceArn: busArn },
      DeleteArchive: { ArchiveName: 'nowhere' },
      DescribeArchive: { ArchiveName: 'nowhere' },
      DescribeEventBus: { Name: 'nowhere' },
      DescribeReplay: { ReplayName: 'nowhere' },
      DescribeRule: { Name: 'nowhere' },
      DisableRule: { Name: 'nowhere' },
      EnableRule: { Name: 'nowhere' },
      ListRules: { EventBusName: 'nowhere' },
      ListRuleNamesByTarget: { TargetArn: arn(account, 'sqs', 'a'), EventBusName: 'nowhere' },
      ListTagsForResource: { ResourceARN: busArn },
      ListTargetsByRule: { Rule: 'nowhere' },
      PutPermission: { EventBusName: 'nowhere', StatementId: 'a', Action: 'events:PutEvents', Principal: account },
      PutRule: { Name: 'a', EventBusName: 'nowhere', EventPattern: '{"source":["a"]}' },
      PutTargets: { Rule: 'nowhere', Targets: [{ Id: 'a', Arn: arn(account, 'sqs', 'a') }] },
      RemovePermission: { StatementId: 'nowhere' },
      RemoveTargets: { Rule: 'nowhere', Ids: ['a'] },
      TagResource: { ResourceARN: busArn, Tags: [{ Key: 'a', Value: 'b' }] },
      UntagResource: { ResourceARN: busArn, TagKeys: ['a'] },
      UpdateArchive: { ArchiveName: 'nowhere', RetentionDays: 1 },
      UpdateEventBus: { Name: 'nowhere', Description: 'a' },
    }),
    ...rows('lambda', 'ResourceNotFoundException', {
      AddPermission: {
        FunctionName: 'nowhere',
        StatementId: 'a',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      },
      CreateAlias: { FunctionName: 'nowhere', Name: 'a', FunctionVersion: '$LATEST' },
      DeleteEventSourceMapping: { UUID: '00000000-0000-4000-8000-000000000000' },
      DeleteFunction: { FunctionName: 'nowhere' },
      DeleteFunctionConcurrency: { FunctionName: 'nowhere' },
      DeleteFunctionEventInvokeConfig: { FunctionName: 'nowhere' },
      GetAlias: { FunctionName: 'nowhere', Name: 'a' },
      GetEventSourceMapping: { UUID: '00000000-0000-4000-8000-000000000000' },
      GetFunction: { FunctionName: 'nowhere' },
      GetFunctionCodeSigningConfig: { FunctionName: 'nowhere' },
      GetFunctionConcurrency: { FunctionName: 'nowhere' },
      GetFunctionConfiguration: { FunctionName: 'nowhere' },
      GetFunctionEventInvokeConfig: { FunctionName: 'nowhere' },
      GetPolicy: { FunctionName: 'nowhere' },
      GetRuntimeManagementConfig: { FunctionName: 'nowhere' },
      Invoke: { FunctionName: 'nowhere' },
      ListAliases: { FunctionName: 'nowhere' },
      ListTags: { Resource: lambdaArn },
      ListVersionsByFunction: { FunctionName: 'nowhere' },
      PublishVersion: { FunctionName: 'nowhere' },
      PutFunctionConcurrency: { FunctionName: 'nowhere', ReservedConcurrentExecutions: 1 },
      PutFunctionEventInvokeConfig: { FunctionName: 'nowhere', MaximumRetryAttempts: 1 },
      RemovePermission: { FunctionName: 'nowhere', StatementId: 'a' },
      TagResource: { Resource: lambdaArn, Tags: { a: 'b' } },
      UntagResource: { Resource: lambdaArn, TagKeys: ['a'] },
      UpdateAlias: { FunctionName: 'nowhere', Name: 'a' },
      UpdateEventSourceMapping: { UUID: '00000000-0000-4000-8000-000000000000', BatchSize: 1 },
      UpdateFunctionCode: { FunctionName: 'nowhere', ZipFile: Buffer.from('PK') },
      UpdateFunctionConfiguration: { FunctionName: 'nowhere', Timeout: 4 },
      UpdateFunctionEventInvokeConfig: { FunctionName: 'nowhere', MaximumRetryAttempts: 1 },
    }),
    ...rows('logs', 'ResourceNotFoundException', {
      CreateLogStream: { logGroupName: 'nowhere', logStreamName: 'a' },
      DeleteLogGroup: { logGroupName: 'nowhere' },
      DeleteLogStream: { logGroupName: 'nowhere', logStreamName: 'a' },
      DeleteMetricFilter: { logGroupName: 'nowhere', filterName: 'a' },
      DeleteResourcePolicy: { policyName: 'nowhere' },
      DeleteRetentionPolicy: { logGroupName: 'nowhere' },
      DescribeLogStreams: { logGroupName: 'nowhere' },
      DescribeMetricFilters: { logGroupName: 'nowhere' },
      FilterLogEvents: { logGroupName: 'nowhere' },
      GetLogEvents: { logGroupName: 'nowhere', logStreamName: 'a' },
      ListTagsForResource: { resourceArn: logArn },
      PutLogEvents: {
        logGroupName: 'nowhere',
        logStreamName: 'a',
        logEvents: [{ timestamp: Date.now(), message: 'a' }],
      },
      PutMetricFilter: {
        logGroupName: 'nowhere',
        filterName: 'a',
        filterPattern: '',
        metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
      },
      PutRetentionPolicy: { logGroupName: 'nowhere', retentionInDays: 1 },
      TagResource: { resourceArn: logArn, tags: { a: 'b' } },
      UntagResource: { resourceArn: logArn, tagKeys: ['a'] },
    }),
    ...rows('iam', 'NoSuchEntityException', {
      AttachRolePolicy: { RoleName: 'nowhere', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      CreatePolicyVersion: { PolicyArn: policyArn, PolicyDocument: document },
      DeletePolicy: { PolicyArn: policyArn },
      DeletePolicyVersion: { PolicyArn: policyArn, VersionId: 'v1' },
      DeleteRole: { RoleName: 'nowhere' },
      DeleteRolePolicy: { RoleName: 'nowhere', PolicyName: 'a' },
      DetachRolePolicy: { RoleName: 'nowhere', PolicyArn: policyArn },
      GetPolicy: { PolicyArn: policyArn },
      GetPolicyVersion: { PolicyArn: policyArn, VersionId: 'v1' },
      GetRole: { RoleName: 'nowhere' },
      GetRolePolicy: { RoleName: 'nowhere', PolicyName: 'a' },
      ListAttachedRolePolicies: { RoleName: 'nowhere' },
      ListInstanceProfilesForRole: { RoleName: 'nowhere' },
      ListPolicyTags: { PolicyArn: policyArn },
      ListPolicyVersions: { PolicyArn: policyArn },
      ListRolePolicies: { RoleName: 'nowhere' },
      ListRoleTags: { RoleName: 'nowhere' },
      PutRolePolicy: { RoleName: 'nowhere', PolicyName: 'a', PolicyDocument: document },
      SetDefaultPolicyVersion: { PolicyArn: policyArn, VersionId: 'v1' },
      TagPolicy: { PolicyArn: policyArn, Tags: [{ Key: 'a', Value: 'b' }] },
      TagRole: { RoleName: 'nowhere', Tags: [{ Key: 'a', Value: 'b' }] },
      UntagPolicy: { PolicyArn: policyArn, TagKeys: ['a'] },
      UntagRole: { RoleName: 'nowhere', TagKeys: ['a'] },
      UpdateAssumeRolePolicy: {
        RoleName: 'nowhere',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      },
      UpdateRole: { RoleName: 'nowhere', Description: 'a' },
      UpdateRoleDescription: { RoleName: 'nowhere', Description: 'a' },
    }),
    ...rows('sts', 'AccessDenied', { AssumeRole: { RoleArn: roleArn, RoleSessionName: 'session' } }),
    ...rows('dynamodb', 'ResourceNotFoundException', {
      BatchGetItem: { RequestItems: { nowhere: { Keys: [keys.Key] } } },
      BatchWriteItem: { RequestItems: { nowhere: [{ PutRequest: { Item: keys.Key } }] } },
      DeleteItem: keys,
      DeleteTable: { TableName: 'nowhere' },
      DescribeContinuousBackups: { input: { TableName: 'nowhere' }, error: 'TableNotFoundException' },
      DescribeTable: { TableName: 'nowhere' },
      DescribeTimeToLive: { TableName: 'nowhere' },
      GetItem: keys,
      ListTagsOfResource: { ResourceArn: tableArn },
      PutItem: { TableName: 'nowhere', Item: keys.Key },
      Query: {
        TableName: 'nowhere',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'a' } },
      },
      Scan: { TableName: 'nowhere' },
      TagResource: { ResourceArn: tableArn, Tags: [{ Key: 'a', Value: 'b' }] },
      TransactGetItems: { TransactItems: [{ Get: keys }] },
      TransactWriteItems: { TransactItems: [{ Delete: keys }] },
      UntagResource: { ResourceArn: tableArn, TagKeys: ['a'] },
      UpdateContinuousBackups: {
        input: { TableName: 'nowhere', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
        error: 'TableNotFoundException',
      },
      UpdateItem: keys,
      UpdateTable: { TableName: 'nowhere', BillingMode: 'PAY_PER_REQUEST' },
      UpdateTimeToLive: {
        TableName: 'nowhere',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      },
    }),
    ...rows('dynamodbstreams', 'ResourceNotFoundException', {
      DescribeStream: { StreamArn: `${tableArn}/stream/2026-01-01T00:00:00.000` },
      GetShardIterator: {
        StreamArn: `${tableArn}/stream/2026-01-01T00:00:00.000`,
        ShardId: 'shardId-00000000000000000000-00000000',
        ShardIteratorType: 'LATEST',
      },
    }),
    ...rows('pipes', 'NotFoundException', {
      DeletePipe: { Name: 'nowhere' },
      DescribePipe: { Name: 'nowhere' },
      ListTagsForResource: { resourceArn: pipeArn },
      StartPipe: { Name: 'nowhere' },
      StopPipe: { Name: 'nowhere' },
      TagResource: { resourceArn: pipeArn, tags: { a: 'b' } },
      UntagResource: { resourceArn: pipeArn, tagKeys: ['a'] },
      UpdatePipe: { Name: 'nowhere', RoleArn: roleArn },
    }),
    ...rows('scheduler', 'ResourceNotFoundException', {
      CreateSchedule: {
        Name: 'a',
        GroupName: 'nowhere',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: arn(account, 'sqs', 'a'), RoleArn: roleArn },
      },
      DeleteSchedule: { Name: 'nowhere' },
      DeleteScheduleGroup: { Name: 'nowhere' },
      GetSchedule: { Name: 'nowhere' },
      GetScheduleGroup: { Name: 'nowhere' },
      ListSchedules: { GroupName: 'nowhere' },
      ListTagsForResource: { ResourceArn: groupArn },
      TagResource: { ResourceArn: groupArn, Tags: [{ Key: 'a', Value: 'b' }] },
      UntagResource: { ResourceArn: groupArn, TagKeys: ['a'] },
      UpdateSchedule: {
        Name: 'nowhere',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: arn(account, 'sqs', 'a'), RoleArn: roleArn },
      },
    }),
    ...rows('apigatewayv2', 'NotFoundException', {
      CreateDeployment: { ApiId },
      CreateIntegration: {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: lambdaArn,
        PayloadFormatVersion: '2.0',
      },
      CreateRoute: { ApiId, RouteKey: 'GET /a' },
      CreateStage: { ApiId, StageName: 'a' },
      DeleteApi: { ApiId },
      DeleteDeployment: { ApiId, DeploymentId: 'a' },
      DeleteIntegration: { ApiId, IntegrationId: 'a' },
      DeleteRoute: { ApiId, RouteId: 'a' },
      DeleteStage: { ApiId, StageName: 'a' },
      GetApi: { ApiId },
      GetDeployment: { ApiId, DeploymentId: 'a' },
      GetDeployments: { ApiId },
      GetIntegration: { ApiId, IntegrationId: 'a' },
      GetIntegrations: { ApiId },
      GetRoute: { ApiId, RouteId: 'a' },
      GetRoutes: { ApiId },
      GetStage: { ApiId, StageName: 'a' },
      GetStages: { ApiId },
      GetTags: { ResourceArn: `arn:aws:apigateway:us-east-1::/apis/${ApiId}` },
      UpdateApi: { ApiId, Name: 'a' },
      UpdateIntegration: { ApiId, IntegrationId: 'a', TimeoutInMillis: 1000 },
      UpdateRoute: { ApiId, RouteId: 'a' },
      UpdateStage: { ApiId, StageName: 'a' },
    }),
    ...rows('cloudwatch', 'ResourceNotFoundException', {
      DeleteDashboards: { input: { DashboardNames: ['nowhere'] }, error: 'ResourceNotFound' },
      GetDashboard: { input: { DashboardName: 'nowhere' }, error: 'ResourceNotFound' },
      ListTagsForResource: { ResourceARN: arn(account, 'cloudwatch', 'alarm:nowhere') },
      TagResource: { ResourceARN: arn(account, 'cloudwatch', 'alarm:nowhere'), Tags: [{ Key: 'a', Value: 'b' }] },
      UntagResource: { ResourceARN: arn(account, 'cloudwatch', 'alarm:nowhere'), TagKeys: ['a'] },
    }),
    ...rows('kms', 'NotFoundException', {
      DescribeKey: { KeyId: '00000000-0000-4000-8000-000000000000' },
      GetKeyPolicy: { KeyId: '00000000-0000-4000-8000-000000000000', PolicyName: 'default' },
    }),
  ];
}
