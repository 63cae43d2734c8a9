import { randomInt } from 'node:crypto';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** Where the engine listens that the project's global setup started. */
export function endpoint(): string {
  const url = process.env['CONFORMANCE_ENDPOINT'];
  if (url === undefined) throw new Error('CONFORMANCE_ENDPOINT is not set: the global setup starts the engine');
  return url;
}

export const region = 'us-east-1';

/** An account nobody else uses: accounts share nothing, so specs don't meet. */
export function newAccount(): string {
  return String(randomInt(100_000_000_000, 200_000_000_000));
}

/** The AWS SDK's clients as a user configures them; without retries, so that an error is seen the first time. */
export function clientsOf(account: string, at = endpoint()) {
  const options = {
    endpoint: at,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    account,
    apigatewayv2: new ApiGatewayV2Client(options),
    cloudwatch: new CloudWatchClient(options),
    dynamodb: new DynamoDBClient(options),
    dynamodbstreams: new DynamoDBStreamsClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    pipes: new PipesClient(options),
    s3: new S3Client(options),
    scheduler: new SchedulerClient(options),
    secretsmanager: new SecretsManagerClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    ssm: new SSMClient(options),
    sts: new STSClient(options),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

/** A regional ARN of the account. */
export function arn(account: string, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
