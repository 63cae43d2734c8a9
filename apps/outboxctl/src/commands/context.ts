import type { Command } from 'commander';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { PipesClient } from '@aws-sdk/client-pipes';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from '../stack';
import type { Style } from '../style';

/** What every verb gets from the composition root; nothing else reaches the outside. */
export interface CliContext {
  stack(command: Command): Promise<Stack>;
  readonly dynamodb: () => DynamoDBClient;
  readonly lambda: () => LambdaClient;
  readonly sqs: () => SQSClient;
  readonly cloudwatch: () => CloudWatchClient;
  readonly eventbridge: () => EventBridgeClient;
  readonly apigateway: () => ApiGatewayV2Client;
  readonly pipes: () => PipesClient;
  readonly streams: () => DynamoDBStreamsClient;
  /** ARN of whoever's credentials are used. */
  readonly caller: () => Promise<string>;
  readonly newKey: () => string;
  readonly now: () => number;
  /** Ends early when `stop` says so. */
  readonly sleep: (ms: number, stop?: AbortSignal) => Promise<void>;
  /** Runs what changes something to an end of its own when the program is asked to end: see `Lifetime`. */
  readonly protect: <T>(work: (stop: AbortSignal) => Promise<T>) => Promise<T>;
  readonly print: (text: string) => void;
  /** Where a long command is, for a person watching: stderr. */
  readonly progress: (text: string) => void;
  readonly style: Style;
  readonly setExitCode: (code: number) => void;
}

const PROGRESS_EVERY_MS = 2_000;

/** Tells how far a long command is, every two seconds. */
export function progressOf(context: CliContext, sentence: (done: number) => string): (done: number) => void {
  let next = context.now() + PROGRESS_EVERY_MS;
  return (done) => {
    if (context.now() < next) return;
    next = context.now() + PROGRESS_EVERY_MS;
    context.progress(sentence(done));
  };
}

/** Whether `--json` was given on the program or the verb. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
