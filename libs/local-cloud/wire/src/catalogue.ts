import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as dynamodbstreams from '@aws-sdk/client-dynamodb-streams';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as pipes from '@aws-sdk/client-pipes';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import enumMembers from './enums/enum-members.json';
import type { EnumMembers } from './enums/input-enums';
import { ServiceModel, type ServiceFacts } from './model';

const MIB = 1024 * 1024;

/** Lambda takes 50 MB of zip as base64: "Request must be smaller than 69905067 bytes for the CreateFunction operation". */
const LAMBDA_MAX_BYTES = 69_905_067;

/**
 * The services the wire speaks, by the engine's names.
 * Source: AWS's Smithy models (`aws.auth#sigv4`, `aws.protocols#*`, `aws.api#service`) in the versions of the SDK packages used here.
 */
const FACTS: Readonly<Record<ServiceName, ServiceFacts>> = {
  apigatewayv2: { signingName: 'apigateway', validationCode: 'BadRequestException', maxBytes: 10 * MIB },
  cloudwatch: {
    signingName: 'monitoring',
    targetPrefix: 'GraniteServiceVersion20100801',
    query: { version: '2010-08-01', namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/' },
    queryCompatible: true,
    rpcV2: true,
    ownEnums: ['MetricDatum.Unit'],
    errorNamespace: 'com.amazonaws.cloudwatch',
    maxBytes: 10 * MIB,
  },
  dynamodb: {
    signingName: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    checksums: true,
    maxBytes: 16 * MIB,
  },
  dynamodbstreams: {
    signingName: 'dynamodb',
    targetPrefix: 'DynamoDBStreams_20120810',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    checksums: true,
    maxBytes: MIB,
  },
  events: { signingName: 'events', targetPrefix: 'AWSEvents', maxBytes: 10 * MIB },
  iam: {
    signingName: 'iam',
    query: { version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
    maxBytes: MIB,
  },
  kms: { signingName: 'kms', targetPrefix: 'TrentService', maxBytes: MIB },
  lambda: { signingName: 'lambda', ownEnums: ['Runtime'], maxBytes: LAMBDA_MAX_BYTES },
  logs: {
    signingName: 'logs',
    targetPrefix: 'Logs_20140328',
    validationCode: 'InvalidParameterException',
    maxBytes: 10 * MIB,
  },
  pipes: { signingName: 'pipes', maxBytes: 10 * MIB },
  // An object of 5 GB can be put on AWS in one request; here it has to fit into memory.
  s3: {
    signingName: 's3',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    validationCode: 'InvalidArgument',
    maxBytes: 256 * MIB,
  },
  scheduler: { signingName: 'scheduler', maxBytes: 10 * MIB },
  // Source for both: their Smithy models; a request of Secrets Manager may hold a secret of 65,536 bytes.
  secretsmanager: { signingName: 'secretsmanager', targetPrefix: 'secretsmanager', maxBytes: MIB },
  sns: {
    signingName: 'sns',
    query: { version: '2010-03-31', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
    validationCode: 'ValidationError',
    maxBytes: MIB,
  },
  sqs: {
    signingName: 'sqs',
    targetPrefix: 'AmazonSQS',
    query: {
      version: '2012-11-05',
      namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
      // Source: SQS developer guide, "Making query API requests using AWS query protocol".
      pathMember: 'QueueUrl',
    },
    queryCompatible: true,
    errorNamespace: 'com.amazonaws.sqs',
    ownEnums: ['QueueAttributeName', 'MessageSystemAttributeName', 'MessageSystemAttributeNameForSends'],
    maxBytes: 10 * MIB,
  },
  ssm: { signingName: 'ssm', targetPrefix: 'AmazonSSM', maxBytes: MIB },
  sts: {
    signingName: 'sts',
    query: { version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
    maxBytes: MIB,
  },
};

const MODULES: Readonly<Record<ServiceName, Readonly<Record<string, unknown>>>> = {
  apigatewayv2,
  cloudwatch,
  dynamodb,
  dynamodbstreams,
  events,
  iam,
  kms,
  lambda,
  logs,
  pipes,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  sts,
};

const SERVICE_NAMES: readonly ServiceName[] = [
  'apigatewayv2',
  'cloudwatch',
  'dynamodb',
  'dynamodbstreams',
  'events',
  'iam',
  'kms',
  'lambda',
  'logs',
  'pipes',
  's3',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'sts',
];

const ENUM_MEMBERS: Readonly<Partial<Record<ServiceName, EnumMembers>>> = enumMembers;

/** The model of every service: schemas of its operations and errors beside its facts. Built once per process. */
export const SERVICE_MODELS: ReadonlyMap<ServiceName, ServiceModel> = new Map(
  SERVICE_NAMES.map((name) => [name, new ServiceModel(name, FACTS[name], MODULES[name], ENUM_MEMBERS[name])]),
);

/** The model of one service. */
export function serviceModel(name: ServiceName): ServiceModel {
  const model = SERVICE_MODELS.get(name);
  if (!model) throw new Error(`no model of service ${name}`);
  return model;
}
