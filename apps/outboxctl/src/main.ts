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
import { readFileSync } from 'node:fs';
import { oneLine } from './errors';
import { renderExplanation } from './explain';
import { Lifetime } from './lifetime';
import { watchNpx } from './parents';
import { asksForJson, runProgram } from './program';
import { loadStack } from './stack';
import { styleFor } from './style';

/** The bundle lies in dist/apps/outboxctl. */
const root = join(__dirname, '..', '..', '..');

const argv = process.argv.slice(2);
const environment = process.env;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

const lifetime = new Lifetime(process, (error) => {
  const explanation = { message: 'cannot write the output', cause: oneLine(error.message) };
  complain(renderExplanation(explanation, asksForJson(argv)));
});

watchNpx(environment, () => lifetime.orphaned());

let client: DynamoDBClient | undefined;

void runProgram(
  argv,
  {
    stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, root, environment),
    dynamodb: () => (client ??= new DynamoDBClient({})),
    lambda: () => new LambdaClient({}),
    // Queues are where everything else is: the URLs of a stack may name a host or port that it had before.
    sqs: () => new SQSClient({ useQueueUrlAsEndpoint: false }),
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
    // A stop ends the wait, not the command that waits.
    sleep: (ms, stop) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    protect: (work) => lifetime.protect(work),
    print: lifetime.print,
    progress: lifetime.progress,
    style: styleFor(process.stdout, environment),
    setExitCode: () => undefined,
  },
  { version, complain, environment },
).then((exitCode) => {
  process.exitCode = lifetime.exitCodeAfter(exitCode);
});
