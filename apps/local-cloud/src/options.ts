import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TABLE_ENGINES, type TableEngineName } from '@outbox/local-cloud-data';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Options {
  /** 0 for any free one. */
  readonly port: number;
  /** Absolute path, made if it is not there; undefined for one that is gone when the local cloud is stopped. */
  readonly directory: string | undefined;
  readonly logLevel: LogLevel;
  /** Whether the line that says it is ready is JSON. */
  readonly json: boolean;
  /** Origin of an emulator that gets the calls of services which are not here. */
  readonly fallback: string | undefined;
  /** Whether it stops when its standard input ends: with whoever started it, however that ends. */
  readonly endWithStdin: boolean;
  /** What holds DynamoDB's tables. */
  readonly tables: TableEngineName;
}

/** The command line can't be understood; the message is what the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE =
  'usage: local-cloud [--port 4566] [--directory .local | --ephemeral] [--json] [--log-level debug|info|warn|error] [--fallback URL] [--tables sqlite|dynamodb-local] [--end-with-stdin]\n       local-cloud check PLAN.json [--json]';

const DIRECTORY = '.local';

export const DEFAULT_TABLES: TableEngineName = 'sqlite';

/**
 * The command line, typed; LOCAL_CLOUD_TABLES is for what `--tables` doesn't say.
 * @throws UsageError for unknown options, values out of range, and options that contradict each other
 */
export function parseOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Options {
  const values = parse(argv);
  const { port, directory, ephemeral, 'log-level': logLevel } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, got '${port}'`);
  }
  const level = LOG_LEVELS.find((known) => known === logLevel);
  if (!level) throw new UsageError(`--log-level takes one of ${LOG_LEVELS.join(', ')}, got '${logLevel}'`);
  if (directory === '') throw new UsageError('--directory takes a path');
  if (ephemeral && directory !== undefined)
    throw new UsageError('--ephemeral keeps nothing, so it takes no --directory');
  return {
    port: Number(port),
    directory: ephemeral ? undefined : resolve(directory ?? DIRECTORY),
    logLevel: level,
    json: values.json,
    fallback: values.fallback === undefined ? undefined : originOf(values.fallback),
    endWithStdin: values['end-with-stdin'],
    tables: tablesOf(values.tables ?? environment['LOCAL_CLOUD_TABLES'] ?? DEFAULT_TABLES),
  };
}

function tablesOf(given: string): TableEngineName {
  const name = TABLE_ENGINES.find((known) => known === given);
  if (name) return name;
  throw new UsageError(`--tables (or LOCAL_CLOUD_TABLES) takes one of ${TABLE_ENGINES.join(', ')}, got '${given}'`);
}

function originOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.pathname !== '/' || parsed.search !== '') {
    throw new UsageError(`--fallback takes the origin of an emulator, such as http://127.0.0.1:5000, got '${url}'`);
  }
  return parsed.origin;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        port: { type: 'string', default: '4566' },
        directory: { type: 'string' },
        ephemeral: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        fallback: { type: 'string' },
        'log-level': { type: 'string', default: 'info' },
        tables: { type: 'string' },
        'end-with-stdin': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
