import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { run, target } from './target';

export interface Consumer {
  readonly queue_url: string;
  readonly dlq_url: string;
  readonly table_name: string;
  readonly function_name: string;
  readonly policy: 'once' | 'in-order' | 'latest';
  /** Aggregate type → event types; no types are all of the aggregate's. */
  readonly on: Readonly<Record<string, readonly string[]>>;
}

/** The deployed stack as its Terraform outputs tell it: the only thing the suite knows about names. */
export interface Stack {
  readonly api_endpoint: string;
  readonly api_authorization: { readonly type: 'NONE' | 'AWS_IAM' | 'JWT'; readonly region: string };
  readonly api_execution_arn: string;
  readonly curl_example: string;
  readonly event_bus_name: string;
  readonly orders_api_function_name: string;
  readonly orders_table_name: string;
  readonly outbox_table_name: string;
  readonly acknowledger: { readonly queue_url: string; readonly function_name: string };
  readonly pipe_name: string;
  readonly relay_function_name: string;
  readonly sweeper_function_name: string;
  readonly archive_name: string;
  readonly consumers: Readonly<Record<string, Consumer>>;
  readonly unhealthy_alarm_name: string;
  readonly objective_alarm_name: string;
  readonly alarm_names: Readonly<Record<string, string>>;
}

export function readStack(): Stack {
  return parseOutputs(target() === 'aws' ? terraformOutput() : readFileSync(localOutputs(), 'utf8'));
}

/**
 * The file with what `terraform output -json` prints of the local cloud's stack. Terraform takes half a second, and the
 * suite asks a hundred times: it is asked again only once the state has changed.
 */
export function localOutputs(): string {
  const directory = process.env['LOCAL_CLOUD_DIRECTORY'] ?? '';
  const [state, file] = [join(directory, 'terraform.tfstate'), join(directory, 'outputs.json')];
  if (!existsSync(file) || statSync(file).mtimeMs <= statSync(state).mtimeMs) writeFileSync(file, terraformOutput());
  return file;
}

const terraformOutput = (): string => run('terraform', ['-chdir=terraform', 'output', '-json']).stdout;

/** The stack as `terraform output -json` printed it. */
export function parseOutputs(text: string): Stack {
  const outputs = JSON.parse(text) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])) as unknown as Stack;
}

/** @throws when the stack has no such consumer */
export function consumerOf(stack: Stack, name: string): Consumer {
  const consumer = stack.consumers[name];
  if (!consumer) throw new Error(`the stack has no consumer ${name}`);
  return consumer;
}

/** The name of a queue, of its address. */
export function queueName(url: string): string {
  return url.split('/').at(-1) ?? '';
}

/** SDK clients with nothing but the environment, as any user of the stack has them. */
export const aws = {
  cloudwatch: new CloudWatchClient({}),
  dynamodb: new DynamoDBClient({}),
  events: new EventBridgeClient({}),
  lambda: new LambdaClient({}),
  logs: new CloudWatchLogsClient({}),
  pipes: new PipesClient({}),
  scheduler: new SchedulerClient({}),
  sns: new SNSClient({}),
  sqs: new SQSClient({}),
};
