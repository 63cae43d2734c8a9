import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { runProgram } from './program';
import { loadStack } from './stack';
import { styleFor } from './style';

/** The bundle lies in dist/apps/outboxctl. */
const root = join(__dirname, '..', '..', '..');

let client: DynamoDBClient | undefined;

void runProgram(
  process.argv.slice(2),
  {
    stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, root),
    dynamodb: () => (client ??= new DynamoDBClient({})),
    lambda: () => new LambdaClient({}),
    sqs: () => new SQSClient({}),
    cloudwatch: () => new CloudWatchClient({}),
    eventbridge: () => new EventBridgeClient({}),
    apigateway: () => new ApiGatewayV2Client({}),
    pipes: () => new PipesClient({}),
    streams: () => new DynamoDBStreamsClient({}),
    caller: async () => {
      const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
      return Arn ?? 'unknown';
    },
    newKey: randomUUID,
    now: Date.now,
    sleep: async (ms) => {
      await sleep(ms);
    },
    print: (text) => process.stdout.write(`${text}\n`),
    progress: (text) => process.stderr.write(`${text}\n`),
    style: styleFor(process.stdout, process.env),
    setExitCode: () => undefined,
  },
  (text) => process.stderr.write(`${text}\n`),
).then((exitCode) => {
  process.exitCode = exitCode;
});
