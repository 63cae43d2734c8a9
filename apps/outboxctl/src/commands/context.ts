import type { Command } from 'commander';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { PipesClient } from '@aws-sdk/client-pipes';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Environment, ProgramContext } from '@outbox/cli-kit';
import type { Stack } from '../stack';

/** What outboxctl's verbs get besides what every program gets; nothing else reaches the outside. */
export interface OwnContext {
  stack(command: Command): Promise<Stack>;
  readonly dynamodb: () => DynamoDBClient;
  readonly lambda: () => LambdaClient;
  readonly sqs: () => SQSClient;
  readonly cloudwatch: () => CloudWatchClient;
  readonly eventbridge: () => EventBridgeClient;
  readonly apigateway: () => ApiGatewayV2Client;
  readonly pipes: () => PipesClient;
  readonly streams: () => DynamoDBStreamsClient;
  /** The repository's root: what is built lies under it. */
  readonly root: string;
  /** As the AWS SDK reads it. */
  readonly environment: Environment;
  /** ARN of whoever's credentials are used. */
  readonly caller: () => Promise<string>;
  /** Lines of standard input; undefined on a terminal, where nothing was handed over. */
  readonly input: () => AsyncIterable<string> | undefined;
}

export type CliContext = ProgramContext & OwnContext;
