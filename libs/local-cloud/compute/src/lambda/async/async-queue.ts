import { Deliveries, own, AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { DEFAULT_EVENT_AGE_SECONDS, DEFAULT_RETRY_ATTEMPTS } from '../limits';
import { NO_INVOKE_CONFIG } from '../invoke-config';
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
  readonly nextAt: number;
  /** Times the function ran and failed. */
  readonly failures: number;
  /** Times it could not run. */
  readonly throttles: number;
}

/** The queue behind InvocationType=Event; what is accepted survives a restart. */
export class AsyncQueue {
  readonly #events: Deliveries<EventRecord>;
  readonly #destinations: Destinations;
  #stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly functions: Functions,
    private readonly invoker: Invoker,
    destinations: Destinations,
  ) {
    this.#events = new Deliveries(engine, 'lambda.events', (event) =>
      this.#run(event).catch((error: unknown) =>
        engine.log('error', 'asynchronous invocation broke', { error: String(error) }),
      ),
    );
    this.#destinations = destinations;
  }

  enqueue(target: FunctionName, payload: Uint8Array, options: InvokeOptions): void {
    const now = this.engine.clock.now();
    recordFunctionMetric(this.engine, target, 'AsyncEventsReceived');
    this.#events.keep({
      id: this.engine.ids.uuid(),
      target,
      payload: Buffer.from(payload).toString('utf8'),
      clientContext: options.clientContext,
      requestId: options.requestId,
      acceptedAt: now,
      nextAt: now,
      failures: 0,
      throttles: 0,
    });
  }

  /** Goes on with what an earlier run left. */
  start(): void {
    this.#events.resume();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#events.stop();
  }

  async #run(event: EventRecord): Promise<void> {
    const config = this.#config(event.target);
    const age = this.engine.clock.now() - event.acceptedAt;
    recordFunctionMetric(this.engine, event.target, 'AsyncEventAge', age, 'Milliseconds');
    try {
      const invoked = await this.invoker.invoke(event.target, Buffer.from(event.payload), {
        ...event,
        isBackground: true,
      });
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
    const nextAt = this.engine.clock.now() + wait;
    if (isTooOld(event, nextAt, config)) {
      await this.#finish(event, config, { condition: 'EventAgeExceeded', invoked, count: failures });
      return;
    }
    this.#events.keep({ ...event, failures, nextAt });
  }

  /** The function could not run: throttled or still pending is tried again for as long as the event may live. */
  async #refused(event: EventRecord, config: Config, error: AwsError): Promise<void> {
    if (error.code === 'ResourceNotFoundException') {
      recordFunctionMetric(this.engine, event.target, 'AsyncEventsDropped');
      this.#events.remove(event);
      return;
    }
    const wait = Math.min(THROTTLE_WAIT_MS * 2 ** event.throttles, MAX_THROTTLE_WAIT_MS);
    const nextAt = this.engine.clock.now() + wait;
    if (isTooOld(event, nextAt, config)) {
      await this.#finish(event, config, { condition: 'EventAgeExceeded', invoked: undefined, count: event.failures });
      return;
    }
    this.#events.keep({ ...event, throttles: event.throttles + 1, nextAt });
  }

  async #finish(
    event: EventRecord,
    config: Config,
    outcome: Pick<FinishedEvent, 'condition' | 'invoked' | 'count'>,
  ): Promise<void> {
    // Events that never succeeded are dropped, whatever destination hears of it.
    if (outcome.condition !== 'Success') recordFunctionMetric(this.engine, event.target, 'AsyncEventsDropped');
    await this.#destinations.deliver({ ...event, ...outcome }, config);
    this.#events.remove(event);
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
