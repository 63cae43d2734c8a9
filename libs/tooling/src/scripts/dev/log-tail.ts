import { FilterLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { logLine } from './log-line.ts';

/** What functions log, from now on. */
export class LogTail {
  readonly #logs: CloudWatchLogsClient;
  readonly #functionNames: ReadonlyMap<string, string>;
  readonly #since: number;
  readonly #next = new Map<string, number>();
  readonly #shown = new Set<string>();

  /** @param since milliseconds since the epoch, by the local cloud's clock */
  constructor(logs: CloudWatchLogsClient, functionNames: ReadonlyMap<string, string>, since: number) {
    this.#logs = logs;
    this.#functionNames = functionNames;
    this.#since = since;
  }

  /** The lines that were written since this was called last, the oldest first. */
  async read(): Promise<readonly string[]> {
    const found = await Promise.all([...this.#functionNames].map(([app, name]) => this.#linesOf(app, name)));
    return found
      .flat()
      .sort((a, b) => a.at - b.at)
      .map(({ line }) => line);
  }

  async #linesOf(app: string, name: string): Promise<readonly { readonly at: number; readonly line: string }[]> {
    const startTime = this.#next.get(app) ?? this.#since;
    const asked = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, startTime });
    const { events = [] } = await this.#logs.send(asked);
    const lines = events.flatMap(({ eventId = '', timestamp: at = 0, message = '' }) => {
      if (this.#shown.has(eventId)) return [];
      this.#shown.add(eventId);
      this.#next.set(app, Math.max(at, this.#next.get(app) ?? 0));
      const line = logLine(app, at, message);
      return line === undefined ? [] : [{ at, line }];
    });
    return lines;
  }
}
