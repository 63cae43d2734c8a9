import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { UserError } from '../settings.ts';

const ROUNDS = 9;
const LOAD_ONCE = join(import.meta.dirname, 'load-once.cjs');

/** What functions read from their environment when they are loaded; nothing is called. */
const VARIABLES: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_NAME: 'measured',
  DLQ_URL: 'http://127.0.0.1/dlq',
  EVENT_BUS_NAME: 'events',
  EVENT_SOURCE: 'measured',
  ORDERS_TABLE_NAME: 'orders',
  ORDER_VIEW_TABLE_NAME: 'order-view',
  OUTBOX_RETENTION_DAYS: '7',
  OUTBOX_TABLE_NAME: 'outbox',
  OUTBOX_THRESHOLD_SECONDS: '60',
  REQUIRE_IDEMPOTENCY_KEY: 'false',
  SWEEP_CONCURRENCY: '10',
  SWEEP_START: '500',
};

/** What a bundle's time is compared with: a function that has a client of DynamoDB, bundled by esbuild's own defaults. */
const ONE_CLIENT = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
exports.handler = () => client.send(new GetItemCommand({ TableName: 't', Key: {} }));`;

/** Processor time to load each bundle, in milliseconds, without what an empty one takes. */
export interface InitTimes {
  readonly oneClientMs: number;
  readonly bundles: Readonly<Record<string, number>>;
}

/**
 * Loads each bundle in a process of its own, several times and in turns, so that what else the machine does meets all of
 * them; of each the median counts. Processor time, not time: others' work doesn't make it longer.
 * @param bundles the text of each, by its app
 */
export async function measureInit(root: string, bundles: ReadonlyMap<string, Uint8Array>): Promise<InitTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    const files = new Map<string, string>();
    const add = async (name: string, text: string | Uint8Array): Promise<void> => {
      const file = join(folder, name, 'index.js');
      await mkdir(join(folder, name));
      await writeFile(file, text);
      files.set(name, file);
    };
    await add('empty', 'exports.handler = () => undefined;');
    await add('one-client', await oneClient(root));
    for (const [app, code] of bundles) await add(app, code);

    const times = new Map([...files.keys()].map((name): [string, number[]] => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, file] of files) times.get(name)?.push(await loadOnce(file));
    }
    const extra = (name: string): number => median(times.get(name) ?? []) - median(times.get('empty') ?? []);
    return {
      oneClientMs: extra('one-client'),
      bundles: Object.fromEntries([...bundles.keys()].map((app) => [app, extra(app)])),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function oneClient(root: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: ONE_CLIENT, resolveDir: root },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

async function loadOnce(file: string): Promise<number> {
  const env = { PATH: process.env['PATH'], ...VARIABLES };
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD_ONCE, file], { env }).catch((error: unknown) => {
    // What Node prints of the place in a minified bundle is all of it.
    const [, reason = String(error).slice(0, 200)] = /^((?:\w*Error): .{1,300})$/m.exec(stderrOf(error)) ?? [];
    throw new UserError(`The bundle of ${basename(dirname(file))} can't be loaded: ${reason}`);
  });
  return Number(stdout.trim().split('\n').at(-1));
}

function stderrOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
