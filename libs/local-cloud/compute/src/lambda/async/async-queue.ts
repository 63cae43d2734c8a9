import { own, AwsError, type Engine, type Table } from '@outbox/local-cloud-kernel';
import { DEFAULT_EVENT_AGE_SECONDS, DEFAULT_RETRY_ATTEMPTS, NO_INVOKE_CONFIG } from '../invoke-config';
import { recordFunctionMetric } from '../function-metrics';
import type { Functions } from '../functions';
import type { Invoked, InvokeOptions, Invoker } from '../invoker';
import type { InvokeConfigRecord } from '../model';
import type { FunctionName } from '../names';
import { type Destinations, type FinishedEvent } from './destinations';

/** Waits before the first and the second retry of a failed function. Source: Lambda developer guide, invocation-async-error-handling. */
const RETRY_WAITS_MS = [60_000, 120_000];
/** Waits after throttling double from one second to five minutes. Source: the same page. */
const THROTTLE_WAIT_MS = 1000;
const MAX_THROTTLE_WAIT_MS = 300_000;

/** An asynchronous invocation that is not finished. Plain JSON; times are epoch milliseconds. */
interface EventRecord {
  readonly id: string;
  readonly target: FunctionName;
  readonly payload: string;
  readonly clientContext: string | undefined;
  readonly requestId: string;
  readonly acceptedAt: number;
  readonly dueAt: number;
  /** Times the function ran and failed. */
  readonly failures: number;
  /** Times it could not run. */
  readonly throttles: number;
}

/** The queue behind InvocationType=Event; what is accepted survives a restart. */
export class AsyncQueue {
  readonly #events: Table<EventRecord>;
  readonly #destinations: Destinations;
  readonly #timers = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly functions: Functions,
    private readonly invoker: Invoker,
    destinations: Destinations,
  ) {
    this.#events = engine.store.table('lambda.events');
    this.#destinations = destinations;
  }

  enqueue(target: FunctionName, payload: Uint8Array, options: InvokeOptions): void {
    const now = this.engine.clock.now();
    recordFunctionMetric(this.engine, target, 'AsyncEventsReceived');
    this.#schedule({
      id: this.engine.ids.uuid(),
      target,
      payload: Buffer.from(payload).toString('utf8'),
      clientContext: options.clientContext,
      requestId: options.requestId,
      acceptedAt: now,
      dueAt: now,
      failures: 0,
      throttles: 0,
    });
  }

  /** Goes on with what an earlier run left. */
  start(): void {
    for (const event of [...this.#events.values()]) this.#schedule(event);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    await Promise.all(this.#running);
  }

  #schedule(event: EventRecord): void {
    this.#events.set(event.id, event);
    const cancel = this.engine.clock.after(event.dueAt - this.engine.clock.now(), () => {
      this.#timers.delete(cancel);
      const run: Promise<void> = this.#run(event)
        .catch((error: unknown) => this.engine.log('error', 'asynchronous invocation broke', { error: String(error) }))
        .finally(() => this.#running.delete(run));
      this.#running.add(run);
    });
    this.#timers.add(cancel);
  }

  async #run(event: EventRecord): Promise<void> {
    const config = this.#config(event.target);
    const age = this.engine.clock.now() - event.acceptedAt;
    recordFunctionMetric(this.engine, event.target, 'AsyncEventAge', age, 'Milliseconds');
    try {
      const invoked = await this.invoker.invoke(event.target, Buffer.from(event.payload), event);
      if (this.#stopped) return;
      if (invoked.failed) await this.#failed(event, config, invoked);
      else await this.#finish(event, config, { condition: 'Success', invoked, count: event.failures + 1 });
    } catch (error) {
      if (this.#stopped) return;
      if (!(error instanceof AwsError)) throw error;
      await this.#refused(event, config, error);
    }
  }

  /** The function failed: again after a minute, then two, then to the failure destination. */
  async #failed(event: EventRecord, config: Config, invoked: Invoked): Promise<void> {
    const failures = event.failures + 1;
    const wait = RETRY_WAITS_MS[failures - 1];
    if (failures > (config.maximumRetryAttempts ?? DEFAULT_RETRY_ATTEMPTS) || wait === undefined) {
      await this.#finish(event, config, { condition: 'RetriesExhausted', invoked, count: failures });
      return;
    }
    const dueAt = this.engine.clock.now() + wait;
    if (isTooOld(event, dueAt, config)) {
      await this.#finish(event, config, { condition: 'EventAgeExceeded', invoked, count: failures });
      return;
    }
    this.#schedule({ ...event, failures, dueAt });
  }

  /** The function could not run: throttled or still pending is tried again for as long as the event may live. */
  async #refused(event: EventRecord, config: Config, error: AwsError): Promise<void> {
    if (error.code === 'ResourceNotFoundException') {
      recordFunctionMetric(this.engine, event.target, 'AsyncEventsDropped');
      this.#events.delete(event.id);
      return;
    }
    const wait = Math.min(THROTTLE_WAIT_MS * 2 ** event.throttles, MAX_THROTTLE_WAIT_MS);
    const dueAt = this.engine.clock.now() + wait;
    if (isTooOld(event, dueAt, config)) {
      await this.#finish(event, config, { condition: 'EventAgeExceeded', invoked: undefined, count: event.failures });
      return;
    }
    this.#schedule({ ...event, throttles: event.throttles + 1, dueAt });
  }

  async #finish(
    event: EventRecord,
    config: Config,
    outcome: Pick<FinishedEvent, 'condition' | 'invoked' | 'count'>,
  ): Promise<void> {
    // Events that never succeeded are dropped, whatever destination hears of it.
    if (outcome.condition !== 'Success') recordFunctionMetric(this.engine, event.target, 'AsyncEventsDropped');
    await this.#destinations.deliver({ ...event, ...outcome }, config);
    this.#events.delete(event.id);
  }

  #config(target: FunctionName): Config {
    const configs = this.functions.find(target)?.invokeConfigs ?? {};
    const qualifier = target.qualifier === '$LATEST' ? '' : (target.qualifier ?? '');
    return own(configs, qualifier) ?? NO_INVOKE_CONFIG;
  }
}

function isTooOld(event: EventRecord, at: number, config: Config): boolean {
  return at - event.acceptedAt > (config.maximumEventAgeSeconds ?? DEFAULT_EVENT_AGE_SECONDS) * 1000;
}

type Config = Omit<InvokeConfigRecord, 'modifiedAt'>;
