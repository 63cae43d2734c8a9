import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Options {
  /** 0 for any free one. */
  readonly port: number;
  /** Absolute path; made if it is not there. */
  readonly directory: string;
  readonly logLevel: LogLevel;
}

/** The command line can't be understood; the message is what the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = 'usage: local-cloud [--port 4566] [--directory .local] [--log-level debug|info|warn|error]';

/**
 * The command line, typed.
 * @throws UsageError for unknown options and values out of range.
 */
export function parseOptions(argv: readonly string[]): Options {
  const { port, directory, 'log-level': logLevel } = parse(argv);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, got '${port}'`);
  }
  const level = LOG_LEVELS.find((known) => known === logLevel);
  if (!level) throw new UsageError(`--log-level takes one of ${LOG_LEVELS.join(', ')}, got '${logLevel}'`);
  if (directory === '') throw new UsageError('--directory takes a path');
  return { port: Number(port), directory: resolve(directory), logLevel: level };
}

function parse(argv: readonly string[]): { port: string; directory: string; 'log-level': string } {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        port: { type: 'string', default: '4566' },
        directory: { type: 'string', default: '.local' },
        'log-level': { type: 'string', default: 'info' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
