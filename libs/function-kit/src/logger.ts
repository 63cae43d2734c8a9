import { Logger as PowertoolsLogger, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { isSampled } from './log-sample';
import { once } from './once';

/** Evidence beside a log line: plain values, or an Error under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured JSON logging; one line per call. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * Powertools' logger, made for the first line; service and level come from POWERTOOLS_SERVICE_NAME and
 * POWERTOOLS_LOG_LEVEL. LOG_SAMPLE_RATE is the share of traces whose lines below WARN are written, 0 to 1 and all if it
 * isn't set. The other traces' lines are held back, and written only before an error of the same invocation.
 */
export function createLogger(variables: Readonly<Record<string, string | undefined>> = process.env): Logger {
  const rate = Number(variables['LOG_SAMPLE_RATE'] || 1);
  const logger = once(() => new PowertoolsLogger());
  if (!(rate < 1)) return loggerOf((level, message, fields) => logger()[level](message, fields));
  // Powertools' buffer: 20 KB of an invocation, dropped with the next one, written before a line of level ERROR.
  const holding = once(() => new PowertoolsLogger({ logBufferOptions: { bufferAtVerbosity: 'INFO' } }));
  const isLeftOut = (level: Level, fields: LogFields) =>
    (level === 'info' || level === 'debug') && logger().level <= LEVELS[level] && !isSampled(fields, rate);
  return loggerOf((level, message, fields) =>
    (level === 'error' || isLeftOut(level, fields) ? holding() : logger())[level](message, fields),
  );
}

const LEVELS = { debug: LogLevelThreshold.DEBUG, info: LogLevelThreshold.INFO };

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
