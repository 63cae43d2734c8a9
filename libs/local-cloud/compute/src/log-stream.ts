import { AwsError, type Caller, type Engine } from '@outbox/local-cloud-kernel';

/** Lines are gathered this long before they are put, in engine milliseconds. */
const GATHER_MS = 100;
/** A batch's limits. Source: PutLogEvents (10,000 events, 1,048,576 bytes with 26 per event). */
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

/** Where and as whom an environment's log goes. */
export interface LogTarget {
  readonly group: string;
  readonly stream: string;
  readonly region: string;
  /** The function's role at the time of writing. */
  readonly caller: () => Caller;
}

/**
 * One environment's log stream. Written as the function's role: without permission, or without the group and the right
 * to create it, lines are dropped and the function runs on, as on AWS.
 */
export class LogStream {
  #events: Event[] = [];
  #bytes = 0;
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #created = false;

  constructor(
    private readonly engine: Pick<Engine, 'calls' | 'clock' | 'log'>,
    private readonly target: LogTarget,
  ) {}

  write(message: string): void {
    const bytes = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    if (this.#bytes + bytes > MAX_BATCH_BYTES) this.#put();
    this.#events.push({ timestamp: this.engine.clock.now(), message });
    this.#bytes += bytes;
    this.#cancel ??= this.engine.clock.after(GATHER_MS, () => this.#put());
  }

  /** Puts what is gathered; resolves when all of it is stored or dropped. */
  async flush(): Promise<void> {
    this.#put();
    await this.#writing;
  }

  #put(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#bytes = 0;
    this.#writing = this.#writing.then(() => this.#send(events));
  }

  async #send(events: Event[]): Promise<void> {
    const { group, stream, region } = this.target;
    try {
      const caller = this.target.caller();
      if (!this.#created) await this.#create(caller);
      await this.engine.calls.call(
        'logs',
        'PutLogEvents',
        { logGroupName: group, logStreamName: stream, logEvents: events },
        { caller, region },
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.engine.log('debug', 'log lines dropped', { group, lines: events.length, reason: error.message });
    }
  }

  async #create(caller: Caller): Promise<void> {
    const { group, stream, region } = this.target;
    const createStream = async (): Promise<void> => {
      await this.engine.calls.call(
        'logs',
        'CreateLogStream',
        { logGroupName: group, logStreamName: stream },
        { caller, region },
      );
    };
    try {
      await createStream();
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      await this.engine.calls.call('logs', 'CreateLogGroup', { logGroupName: group }, { caller, region });
      await createStream();
    }
    this.#created = true;
  }
}
