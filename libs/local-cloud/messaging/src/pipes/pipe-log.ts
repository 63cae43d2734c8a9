import type { Caller, Engine } from '@outbox/local-cloud-kernel';
import { ExecutionError } from './errors';
import type { StoredPipe } from './pipe-store';
import { MAX_DATA } from './limits';

type Level = 'ERROR' | 'INFO' | 'TRACE';

/** What a step adds when the pipe's log includes execution data. */
export interface StepData {
  readonly payload?: string;
  readonly awsRequest?: string;
  readonly awsResponse?: string;
}

const RANK = { OFF: 0, ERROR: 1, INFO: 2, TRACE: 3 } as const;

/** Writes the steps of a pipe's executions to its log group, in the schema of the guide's "Pipes log schema reference". */
export class PipeLog {
  #stream: Promise<void> | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly pipe: StoredPipe,
    private readonly engine: Pick<Engine, 'calls' | 'clock' | 'identity' | 'log'>,
  ) {}

  step(executionId: string, messageType: string, level: Level, data: StepData = {}, error?: unknown): void {
    const { log } = this.pipe;
    const group = log?.CloudwatchLogsLogDestination?.LogGroupArn;
    if (!group || RANK[log.Level ?? 'OFF'] < RANK[level]) return;
    const timestamp = this.engine.clock.now();
    const message = JSON.stringify({
      resourceArn: this.pipe.arn,
      timestamp,
      executionId,
      messageType,
      logLevel: level,
      ...(log.IncludeExecutionData?.includes('ALL') ? truncated(data) : {}),
      ...(error === undefined ? {} : { error: errorRecord(error) }),
    });
    this.#tail = this.#tail.then(() => this.#write(groupName(group), timestamp, message));
  }

  /** Resolves when everything so far is written. */
  flushed(): Promise<void> {
    return this.#tail;
  }

  async #write(logGroupName: string, timestamp: number, message: string): Promise<void> {
    const as = { caller: this.#deliverer(), region: this.pipe.region };
    const logStreamName = this.pipe.name;
    try {
      this.#stream ??= this.engine.calls.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as).then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
        },
      );
      await this.#stream;
      const logEvents = [{ timestamp, message }];
      await this.engine.calls.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as);
    } catch (error) {
      this.#stream = undefined;
      this.engine.log('warn', 'pipe log not written', { pipe: this.pipe.arn, error: String(error) });
    }
  }

  /** Pipes hands its records to log delivery, which the log group's resource policy lets write (Logs guide, "Vended logs"). */
  #deliverer(): Caller {
    const { accountId, region } = this.pipe;
    const source = `arn:aws:logs:${region}:${accountId}:*`;
    return this.engine.identity.servicePrincipal('delivery.logs.amazonaws.com', accountId, source);
  }
}

function groupName(arn: string): string {
  return arn.split(':log-group:')[1]?.replace(/:\*$/, '') ?? arn;
}

function truncated(data: StepData): Record<string, unknown> {
  const cut = Object.entries(data).filter(([, text]) => text !== undefined && text.length > MAX_DATA);
  const kept = Object.entries(data).map(([name, text]) => [name, text?.slice(0, MAX_DATA)]);
  return { ...Object.fromEntries(kept), ...(cut.length > 0 ? { truncatedFields: cut.map(([name]) => name) } : {}) };
}

function errorRecord(error: unknown): Record<string, unknown> {
  if (!(error instanceof ExecutionError)) return { message: String(error) };
  return { httpStatusCode: error.httpStatusCode, message: error.message, awsService: error.awsService };
}
