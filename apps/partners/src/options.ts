import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** 0 for any free one. */
  readonly port: number;
  /** Absolute path; made if it is not there. */
  readonly directory: string;
}

/** The command line can't be understood; the message is what the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = 'usage: partners [--port 4567] [--directory .local]';

/**
 * The command line, typed.
 * @throws UsageError for unknown options and values out of range
 */
export function parseOptions(argv: readonly string[]): Options {
  const { port, directory } = parse(argv);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, got '${port}'`);
  }
  if (directory === '') throw new UsageError('--directory takes a path');
  return { port: Number(port), directory: resolve(directory) };
}

function parse(argv: readonly string[]): { port: string; directory: string } {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: { port: { type: 'string', default: '4567' }, directory: { type: 'string', default: '.local' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
