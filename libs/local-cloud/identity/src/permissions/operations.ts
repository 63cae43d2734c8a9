import type { ServiceName } from '@outbox/local-cloud-kernel';
import { S3_PERMISSIONS } from './s3-operations';

/** Permissions of a service's operations. An operation that isn't named needs just the action of its own name. */
export interface ServicePermissions {
  /** What the service's actions begin with. */
  readonly prefix: string;
  /** AWS's page of the service's actions and resources. */
  readonly source: string;
  readonly exceptions: Readonly<Record<string, OperationPermissions>>;
}

/** The caller's permissions of one operation, all of which are evaluated when it is called. */
export interface OperationPermissions {
  readonly actions: readonly string[];
  /** When which action is needed, or how many times; and what AWS says beyond its page of actions. */
  readonly note: string;
  readonly source?: string;
}

const REFERENCE = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_';
const PIPE_LOGS = [
  'logs:CreateLogDelivery',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

const STAGE_LOGS = [
  'logs:CreateLogDelivery',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'logs:DescribeResourcePolicies',
];

const PASS_ROLE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html';

const withTags = (action: string, tag: string): OperationPermissions => ({
  actions: [action, tag],
  note: `${tag} only with tags`,
});

/** Each part of a transaction needs the action of its kind; there is no action of the transaction's name. */
const transaction = (...actions: readonly string[]): OperationPermissions => ({
  actions,
  note: 'by the kinds of its parts, each under `dynamodb:EnclosingOperation`',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html',
});

const batchOf = (action: string): OperationPermissions => ({
  actions: [action],
  note: 'a batch has no action of its own',
});

const moveTask = (action: string, note: string, ...more: readonly string[]): OperationPermissions => ({
  actions: [`sqs:${action}`, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...more],
  note,
  source:
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html',
});

/** Management of APIs has HTTP's methods for actions. */
const http = (verb: string): OperationPermissions => ({ actions: [`apigateway:${verb}`], note: 'on its path' });

const httpWithLogs = (verb: string): OperationPermissions => ({
  actions: [`apigateway:${verb}`, ...STAGE_LOGS],
  note: 'logs: actions only with an access log',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
});

const passing = (action: string, note: string, ...more: readonly string[]): OperationPermissions => ({
  actions: [action, 'iam:PassRole', ...more],
  note,
  source: PASS_ROLE,
});

/** What a caller needs for each operation: evaluated at every call, before anything else. */
export const OPERATION_PERMISSIONS: Readonly<Record<ServiceName, ServicePermissions>> = {
  sqs: {
    prefix: 'sqs',
    source: `${REFERENCE}amazonsqs.html`,
    exceptions: {
      CreateQueue: withTags('sqs:CreateQueue', 'sqs:TagQueue'),
      SendMessageBatch: batchOf('sqs:SendMessage'),
      DeleteMessageBatch: batchOf('sqs:DeleteMessage'),
      ChangeMessageVisibilityBatch: batchOf('sqs:ChangeMessageVisibility'),
      StartMessageMoveTask: moveTask(
        'StartMessageMoveTask',
        'sqs:SendMessage on each destination, the others on the dead-letter queue',
        'sqs:SendMessage',
      ),
      ListMessageMoveTasks: moveTask('ListMessageMoveTasks', 'on the dead-letter queue'),
      CancelMessageMoveTask: moveTask('CancelMessageMoveTask', 'on the dead-letter queue'),
    },
  },
  sns: {
    prefix: 'sns',
    source: `${REFERENCE}amazonsns.html`,
    exceptions: {
      CreateTopic: withTags('sns:CreateTopic', 'sns:TagResource'),
      PublishBatch: batchOf('sns:Publish'),
    },
  },
  events: {
    prefix: 'events',
    source: `${REFERENCE}amazoneventbridge.html`,
    exceptions: {
      CreateEventBus: withTags('events:CreateEventBus', 'events:TagResource'),
      PutRule: withTags('events:PutRule', 'events:TagResource'),
      PutTargets: passing('events:PutTargets', 'iam:PassRole only with a target’s role'),
    },
  },
  pipes: {
    prefix: 'pipes',
    source: `${REFERENCE}amazoneventbridgepipes.html`,
    exceptions: {
      CreatePipe: passing(
        'pipes:CreatePipe',
        'iam:PassRole on the role; pipes:TagResource only with tags, logs: actions only with a log group',
        'pipes:TagResource',
        ...PIPE_LOGS,
      ),
      UpdatePipe: passing(
        'pipes:UpdatePipe',
        'iam:PassRole on the role; logs: actions only with a log group',
        ...PIPE_LOGS,
      ),
    },
  },
  scheduler: {
    prefix: 'scheduler',
    source: `${REFERENCE}amazoneventbridgescheduler.html`,
    exceptions: {
      CreateSchedule: passing('scheduler:CreateSchedule', 'iam:PassRole on the target’s role'),
      UpdateSchedule: passing('scheduler:UpdateSchedule', 'iam:PassRole on the target’s role'),
    },
  },
  lambda: {
    prefix: 'lambda',
    source: `${REFERENCE}awslambda.html`,
    exceptions: {
      CreateFunction: passing(
        'lambda:CreateFunction',
        'iam:PassRole on the execution role; lambda:GetLayerVersion on its layers',
        'lambda:GetLayerVersion',
      ),
      GetLayerVersionByArn: { actions: ['lambda:GetLayerVersion'], note: '' },
      UpdateFunctionConfiguration: passing(
        'lambda:UpdateFunctionConfiguration',
        'iam:PassRole only with a role, lambda:GetLayerVersion only with layers',
        'lambda:GetLayerVersion',
      ),
      Invoke: { actions: ['lambda:InvokeFunction'], note: 'granted by the function’s policy as well' },
    },
  },
  dynamodb: {
    prefix: 'dynamodb',
    source: `${REFERENCE}amazondynamodb.html`,
    exceptions: {
      CreateTable: withTags('dynamodb:CreateTable', 'dynamodb:TagResource'),
      TransactGetItems: transaction('dynamodb:GetItem'),
      TransactWriteItems: transaction(
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ),
    },
  },
  dynamodbstreams: { prefix: 'dynamodb', source: `${REFERENCE}amazondynamodb.html`, exceptions: {} },
  logs: {
    prefix: 'logs',
    source: `${REFERENCE}amazoncloudwatchlogs.html`,
    exceptions: { CreateLogGroup: withTags('logs:CreateLogGroup', 'logs:TagResource') },
  },
  cloudwatch: {
    prefix: 'cloudwatch',
    source: `${REFERENCE}amazoncloudwatch.html`,
    exceptions: {
      PutMetricAlarm: withTags('cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'),
      PutCompositeAlarm: withTags('cloudwatch:PutCompositeAlarm', 'cloudwatch:TagResource'),
    },
  },
  iam: {
    prefix: 'iam',
    source: `${REFERENCE}awsidentityandaccessmanagementiam.html`,
    exceptions: {
      CreateRole: withTags('iam:CreateRole', 'iam:TagRole'),
      CreatePolicy: withTags('iam:CreatePolicy', 'iam:TagPolicy'),
    },
  },
  sts: {
    prefix: 'sts',
    source: `${REFERENCE}awssecuritytokenservice.html`,
    exceptions: {
      AssumeRole: { actions: ['sts:AssumeRole'], note: 'and the role’s trust policy must name the caller' },
      GetCallerIdentity: {
        actions: [],
        note: 'needs none',
        source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
      },
    },
  },
  s3: S3_PERMISSIONS,
  ssm: {
    prefix: 'ssm',
    source: `${REFERENCE}awssystemsmanager.html`,
    exceptions: { PutParameter: withTags('ssm:PutParameter', 'ssm:AddTagsToResource') },
  },
  secretsmanager: {
    prefix: 'secretsmanager',
    source: `${REFERENCE}awssecretsmanager.html`,
    exceptions: {
      BatchGetSecretValue: {
        actions: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:ListSecrets'],
        note: 'secretsmanager:ListSecrets only with filters; and what GetSecretValue needs, for each secret',
        source: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html',
      },
      CreateSecret: withTags('secretsmanager:CreateSecret', 'secretsmanager:TagResource'),
    },
  },
  kms: {
    prefix: 'kms',
    source: `${REFERENCE}awskeymanagementservice.html`,
    exceptions: {
      CreateKey: withTags('kms:CreateKey', 'kms:TagResource'),
      ReEncrypt: {
        actions: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        note: 'on the key it is under and on the one it comes under',
      },
    },
  },
  apigatewayv2: {
    prefix: 'apigateway',
    source: `${REFERENCE}amazonapigatewaymanagementv2.html`,
    exceptions: {
      CreateStage: httpWithLogs('POST'),
      UpdateStage: httpWithLogs('PATCH'),
      TagResource: http('PUT'),
      UntagResource: http('DELETE'),
    },
  },
};
