import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';

/** Evidence beside a log line: plain values, or an Error under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured JSON logging; one line per call. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Powertools' logger, made for the first line; service and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL. */
export function createLogger(): Logger {
  let logger: PowertoolsLogger | undefined;
  return loggerOf((level, message, fields) => (logger ??= new PowertoolsLogger())[level](message, fields));
}

/** A logger whose lines all carry what they are about; a line's own fields win. */
export function loggerWith(logger: Logger, about: LogFields): Logger {
  return loggerOf((level, message, fields) => logger[level](message, { ...about, ...fields }));
}

type Level = keyof Logger;

function loggerOf(write: (level: Level, message: string, fields: LogFields) => void): Logger {
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}) =>
      write(level, message, fields);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
