import { FilterLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { logLine } from './log-line.ts';

/** How far a function's log was read: to this time, of which these events were seen. */
interface Place {
  readonly at: number;
  readonly ids: ReadonlySet<string>;
}

/** What functions log, from now on. */
export class LogTail {
  readonly #logs: CloudWatchLogsClient;
  readonly #functionNames: ReadonlyMap<string, string>;
  readonly #since: number;
  readonly #read = new Map<string, Place>();

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
    const last = this.#read.get(app) ?? { at: this.#since, ids: new Set() };
    const asked = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, startTime: last.at });
    const found = ((await this.#logs.send(asked)).events ?? []).map(
      ({ eventId = '', timestamp = 0, message = '' }) => ({
        eventId,
        at: timestamp,
        message,
      }),
    );
    const at = found.reduce((latest, event) => Math.max(latest, event.at), last.at);
    const ids = found.filter((event) => event.at === at).map(({ eventId }) => eventId);
    this.#read.set(app, { at, ids: new Set(ids) });
    return found.flatMap((event) => {
      const line = last.ids.has(event.eventId) ? undefined : logLine(app, event.at, event.message);
      return line === undefined ? [] : [{ at: event.at, line }];
    });
  }
}
