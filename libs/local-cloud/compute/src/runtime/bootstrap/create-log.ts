import type { FunctionLog, LogOptions, NodeModules } from './types';

/**
 * Makes console.* write lines as Lambda does (text or JSON format, filtered by level). A line may hold line breaks: it
 * goes to stdout as one frame, `\0` + JSON string. What a function writes to stdout itself stays raw lines.
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
  const frame = (fd: number, value: unknown): void => write(fd, `\0${JSON.stringify(value)}\n`);

  const errorFields = (error: unknown): object => {
    const { errorType, errorMessage, trace } = options.describe(error);
    return { errorType, errorMessage, stackTrace: trace };
  };
  const replacer = (_key: string, value: unknown): unknown => {
    if (value instanceof Error) return { ...value, ...errorFields(value) };
    return typeof value === 'bigint' ? value.toString() : value;
  };
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

  const replace = (method: 'trace' | 'debug' | 'log' | 'info' | 'warn' | 'error', level: string): void => {
    console[method] = (...args: unknown[]) => line(level, args);
  };
  replace('trace', 'TRACE');
  replace('debug', 'DEBUG');
  replace('log', 'INFO');
  replace('info', 'INFO');
  replace('warn', 'WARN');
  replace('error', 'ERROR');

  return {
    failure: (label, error) => {
      if (options.format === 'JSON') line('ERROR', [errorFields(error)]);
      else {
        const { errorType, errorMessage, trace } = options.describe(error);
        const extra = typeof error === 'object' && error !== null ? { ...error } : {};
        line('ERROR', [`${label} \t${JSON.stringify({ errorType, errorMessage, ...extra, stack: trace }, replacer)}`]);
      }
    },
    done: (requestId) => {
      frame(1, { done: requestId });
      frame(2, { done: requestId });
    },
  };
}
