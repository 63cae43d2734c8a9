import type { EngineLog } from '@outbox/local-cloud-kernel';
import type { LogLevel } from './options';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** One line per entry: time, level, message, then the fields as JSON. Entries below `level` are dropped. */
export function lineLog(level: LogLevel, write: (line: string) => void, now: () => number): EngineLog {
  return (entryLevel, message, fields) => {
    if (RANK[entryLevel] < RANK[level]) return;
    const tail = fields && Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
    write(`${new Date(now()).toISOString()} ${entryLevel.toUpperCase().padEnd(5)} ${message}${tail}\n`);
  };
}
