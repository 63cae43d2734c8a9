import type { FunctionLog, LogOptions, NodeModules } from './types';

/**
 * Makes console.* write lines as Lambda does (text or JSON format, filtered by level). A line may hold line breaks: it
 * goes to stdout as one frame, `\0` + JSON string, on a line of its own. What a function writes to stdout itself stays raw
 * lines.
 */
export function createLog({ fs, util }: NodeModules, options: LogOptions): FunctionLog {
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const least = options.format === 'JSON' ? Math.max(0, levels.indexOf(options.level)) : 0;

  /** stdout may be full while the engine is busy; a log line must not be lost for that. */
  const write = (fd: number, text: string): void => {
    let rest = Buffer.from(text);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(fs.writeSync(fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  };
  const frame = (fd: number, value: unknown): void => write(fd, `\n\0${JSON.stringify(value)}\n`);

  const stackLines = (error: Error): string[] | undefined =>
    typeof error.stack === 'string' ? error.stack.split('\n') : undefined;
  const errorFields = (error: Error): object => ({
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: stackLines(error),
  });
  const replacer = (_key: string, value: unknown): unknown =>
    value instanceof Error ? { ...errorFields(value), ...value } : value;
  const json = (level: string, args: unknown[]): string => {
    const head = { timestamp: new Date().toISOString(), level, requestId: options.requestId() };
    if (args.length === 1) {
      try {
        return JSON.stringify({ ...head, message: args[0] }, replacer);
      } catch {
        return JSON.stringify({ ...head, message: util.format(args[0]) });
      }
    }
    const error = args.find((arg) => arg instanceof Error);
    return JSON.stringify({ ...head, message: util.format(...args), ...(error ? errorFields(error) : {}) });
  };
  const line = (level: string, args: unknown[]): void => {
    if (levels.indexOf(level) < least) return;
    const text =
      options.format === 'JSON'
        ? json(level, args)
        : `${new Date().toISOString()}\t${String(options.requestId())}\t${level}\t${util.format(...args)}`;
    frame(1, text);
  };

  for (const [method, level] of Object.entries({
    trace: 'TRACE',
    debug: 'DEBUG',
    log: 'INFO',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    fatal: 'FATAL',
  })) {
    Object.assign(console, { [method]: (...args: unknown[]) => line(level, args) });
  }

  const asError = (thrown: unknown): Error => {
    if (thrown instanceof Error) return thrown;
    const { errorMessage } = options.describe(thrown);
    return new Error(typeof thrown === 'string' ? thrown : errorMessage);
  };
  const asText = (error: Error): string => {
    const fields = (_key: string, value: unknown): unknown => {
      if (!(value instanceof Error)) return value;
      const { name: errorType, message: errorMessage, code } = value as NodeJS.ErrnoException;
      return { errorType, errorMessage, code, ...value, stack: stackLines(value) };
    };
    try {
      return JSON.stringify(error, fields);
    } catch {
      return JSON.stringify(options.describe(error));
    }
  };

  return {
    failure: (label, thrown) => {
      const error = asError(thrown);
      line('ERROR', options.format === 'JSON' ? [error] : [`${label} \t${asText(error)}`]);
    },
    done: (requestId) => {
      frame(1, { done: requestId });
      frame(2, { done: requestId });
    },
  };
}
