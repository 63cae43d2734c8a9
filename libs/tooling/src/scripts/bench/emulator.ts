import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { measureEventWay } from './event-way.ts';
import { measureFunction } from './invoke.ts';
import { measurePutItem } from './put-item.ts';
import { measureQueue } from './queue.ts';
import type { Timing } from './timing.ts';

/** Why something could not be measured. */
export interface Unmeasured {
  readonly failed: string;
}

/** What is measured of an emulator's services, each by its name in the report. */
export type Measures = Readonly<Record<string, Timing>>;

/** The same of an emulator that may not have all of it. */
export type PeerMeasures = Readonly<Record<string, Timing | Unmeasured>>;

/** Clients of the AWS SDK for one emulator. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sqs: SQSClient;
}

/** An account of its own: an emulator that tells accounts apart may hold anything else in others. */
const ACCOUNT = '000000000001';

export function clientsOf(endpoint: string, account = ACCOUNT): Clients {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    dynamodb: new DynamoDBClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    sqs: new SQSClient(options),
  };
}

/** By the name that a part goes by where it could not be measured. */
const PARTS: Readonly<Record<string, (clients: Clients) => Promise<Measures>>> = {
  PutItem: ({ dynamodb }) => measurePutItem(dynamodb),
  SQS: ({ sqs }) => measureQueue(sqs),
  'event → rule → queue → function': measureEventWay,
  Invoke: measureFunction,
};

/** @throws what a call is refused with: the local cloud has all of it */
export async function measureEmulator(endpoint: string): Promise<Measures> {
  const clients = clientsOf(endpoint);
  const measures: Record<string, Timing> = {};
  for (const measure of Object.values(PARTS)) Object.assign(measures, await measure(clients));
  return measures;
}

/** The same of another emulator: what it refuses or doesn't do in time is told in the place of the figures. */
export async function measurePeer(endpoint: string): Promise<PeerMeasures> {
  const clients = clientsOf(endpoint);
  const measures: Record<string, Timing | Unmeasured> = {};
  for (const [name, measure] of Object.entries(PARTS)) {
    const measured = await measure(clients).catch((error: unknown) => ({ [name]: { failed: String(error) } }));
    Object.assign(measures, measured);
  }
  return measures;
}
