import type { ManagedPolicyRecord } from './model';

/** When managed policies came to IAM, epoch milliseconds. */
const LISTED_SINCE = Date.UTC(2015, 1, 6);

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const XRAY = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];

/** AWS-managed policies that roles of serverless stacks are given, by ARN. Source: AWS managed policy reference. */
export const awsManagedPolicies: Readonly<Record<string, string | undefined>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow(LOGS),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole': allow([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...LOGS,
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole': allow([
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...LOGS,
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaRole': allow(['lambda:InvokeFunction']),
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': allow(XRAY),
  'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess': allow(XRAY),
  'arn:aws:iam::aws:policy/AmazonSQSFullAccess': allow(['sqs:*']),
  'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess': allow(['ssm:Describe*', 'ssm:Get*', 'ssm:List*']),
};

/** Those policies as IAM lists them. Their real ids and dates are not known here: the ids are made of the names. */
export function awsManagedRecords(): readonly ManagedPolicyRecord[] {
  return Object.entries(awsManagedPolicies).map(([arn, text = '']) => {
    const [name = '', ...folders] = arn.slice('arn:aws:iam::aws:policy/'.length).split('/').reverse();
    return {
      accountId: 'aws',
      name,
      path: folders.length > 0 ? `/${folders.reverse().join('/')}/` : '/',
      id: `ANPA${name.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}AAAAAAAAAAAAAAAAA`.slice(0, 21),
      arn,
      description: undefined,
      createdAt: LISTED_SINCE,
      updatedAt: LISTED_SINCE,
      versions: [{ id: 'v1', text, createdAt: LISTED_SINCE }],
      defaultVersion: 'v1',
      nextVersion: 2,
      tags: {},
    };
  });
}

function allow(actions: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
}
