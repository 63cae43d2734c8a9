import type { ManagedPolicyRecord } from './model';

/** When managed policies came to IAM, epoch milliseconds. */
const LISTED_SINCE = Date.UTC(2015, 1, 6);

/** AWS-managed policies a function's role may be given, by ARN. Source: AWS managed policy reference. */
export const awsManagedPolicies: Readonly<Record<string, string | undefined>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole': allow([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': allow([
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ]),
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
