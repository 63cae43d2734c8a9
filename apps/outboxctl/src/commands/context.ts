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
  readonly sleep: (ms: number) => Promise<void>;
  readonly print: (text: string) => void;
  /** Where a long command is, for a person watching: stderr. */
  readonly progress: (text: string) => void;
  readonly style: Style;
  readonly setExitCode: (code: number) => void;
}

/** Whether `--json` was given on the program or the verb. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
