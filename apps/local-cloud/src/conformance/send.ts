import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as dynamodbstreams from '@aws-sdk/client-dynamodb-streams';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as pipes from '@aws-sdk/client-pipes';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import type { Clients } from './cloud';

const sdks: Readonly<Record<ServiceName, object>> = {
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

type CommandConstructor = new (input: unknown) => object;

/** What a service's SDK package exports, by name. */
export function sdkOf(service: ServiceName): Readonly<Record<string, unknown>> {
  return sdks[service] as Readonly<Record<string, unknown>>;
}

/** Sends an operation known by its name only; rejects with the SDK's error. */
export async function send(
  clients: Clients,
  service: ServiceName,
  operation: string,
  input: unknown,
): Promise<unknown> {
  const Command = sdkOf(service)[`${operation}Command`] as CommandConstructor;
  const client = clients[service] as unknown as { send(command: object): Promise<unknown> };
  return client.send(new Command(input));
}
