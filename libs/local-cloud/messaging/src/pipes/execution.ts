import type { Engine } from '@outbox/local-cloud-kernel';
import { type Json, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import type { Outcome, StreamRecord } from '@outbox/local-cloud-streams';
import { enrich } from './enrichment';
import { ExecutionError, ExecutionTimeout } from './errors';
import type { PipeLog } from './pipe-log';
import { PipeMetrics } from './pipe-metrics';
import type { PipeRole } from './pipe-role';
import type { StoredPipe } from './pipe-store';
import { pipeTarget } from './targets/pipe-target';
import type { TargetEvent } from './targets/target-event';
import { fillTemplate, TemplateError, type PipeVariables } from './template';
import { TimeLimit } from './time-limit';
import { LONGEST_MS } from './limits';

/** Takes one batch through enrichment and target. Stopping the pipe lets a running execution finish. */
export class Execution {
  readonly #id: string;
  readonly #metrics: PipeMetrics;

  constructor(
    readonly pipe: StoredPipe,
    readonly role: PipeRole,
    private readonly log: PipeLog,
    readonly engine: Engine,
  ) {
    this.#id = engine.ids.uuid();
    this.#metrics = new PipeMetrics(pipe, engine);
  }

  /** Entries the bus took are done; the others, or the whole batch when a step failed, come back as failed. */
  async run(records: readonly StreamRecord[]): Promise<Outcome> {
    return this.#metrics.timed('Duration', () => this.#run(records));
  }

  async #run(records: readonly StreamRecord[]): Promise<Outcome> {
    const limit = new TimeLimit(LONGEST_MS, this.engine.clock);
    try {
      return await this.#staged(records, limit);
    } finally {
      limit.end();
    }
  }

  async #staged(records: readonly StreamRecord[], limit: TimeLimit): Promise<Outcome> {
    this.#metrics.record('Invocations');
    this.#metrics.record('EventCount', records.length);
    for (const { event } of records) {
      this.#metrics.record('EventSize', Buffer.byteLength(JSON.stringify(event)), 'Bytes');
    }
    this.log.step(this.#id, 'EXECUTION_STARTED', 'INFO', {
      payload: JSON.stringify(records.map(({ event }) => event)),
    });
    try {
      const events = await this.#enriched(records, limit);
      const outcome =
        events.length === 0
          ? this.#skipped()
          : await this.#metrics.timed('TargetStageDuration', () => this.#delivered(events, records, limit));
      const succeeded = outcome.failed.length === 0;
      if (!succeeded) this.#metrics.record('ExecutionPartiallyFailed');
      this.log.step(
        this.#id,
        succeeded ? 'EXECUTION_SUCCEEDED' : 'EXECUTION_PARTIALLY_FAILED',
        succeeded ? 'INFO' : 'ERROR',
      );
      return outcome;
    } catch (error) {
      this.#metrics.failed(error);
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof ExecutionTimeout) {
        this.log.step(this.#id, 'EXECUTION_TIMEOUT', 'ERROR', {}, error);
        return { failed: records, error: message };
      }
      if (!(error instanceof ExecutionError))
        this.engine.log('error', 'pipe execution failed', { pipe: this.pipe.arn, error: message });
      else {
        this.log.step(this.#id, `${error.step}_FAILED`, 'ERROR', {}, error);
        this.log.step(this.#id, `${error.stage}_STAGE_FAILED`, 'ERROR', {}, error);
      }
      this.log.step(this.#id, 'EXECUTION_FAILED', 'ERROR', {}, error);
      return { failed: records, error: message };
    }
  }

  async #enriched(records: readonly StreamRecord[], limit: TimeLimit): Promise<TargetEvent[]> {
    const { enrichment, enrichmentParameters } = this.pipe;
    if (enrichment === undefined) return records.map(({ event }) => ({ event, record: event }));
    this.log.step(this.#id, 'ENRICHMENT_STAGE_ENTERED', 'INFO');
    const template = enrichmentParameters?.InputTemplate;
    const batch = this.#traced('ENRICHMENT_TRANSFORMATION', template !== undefined, () =>
      records.map(({ event }) => (template ? this.#transformed(template, event) : event)),
    );
    this.log.step(this.#id, 'ENRICHMENT_INVOCATION_STARTED', 'TRACE');
    const { events, answer } = await this.#metrics.timed('EnrichmentStageDuration', () =>
      limit.within(enrich(enrichment, batch, this.role, this.engine)),
    );
    const data = { awsRequest: JSON.stringify(batch), awsResponse: answer };
    this.log.step(this.#id, 'ENRICHMENT_INVOCATION_SUCCEEDED', 'TRACE', data);
    this.log.step(this.#id, 'ENRICHMENT_STAGE_SUCCEEDED', 'INFO', { payload: answer });
    const most = pipeTarget(this.pipe.target)?.maxBatch ?? 0;
    if (events.length > most) {
      throw new ExecutionError(
        'ENRICHMENT_INVOCATION',
        `The function answered ${events.length} events; the target takes ${most}.`,
      );
    }
    // Only a list of the same length says which event belongs to which record.
    const paired = events.length === records.length;
    return events.map((event, index) => ({ event, record: paired ? records[index]?.event : undefined }));
  }

  /** A transformation is a step of its own when there is a template. */
  #traced<T>(step: string, isStep: boolean, run: () => T): T {
    if (isStep) this.log.step(this.#id, `${step}_STARTED`, 'TRACE');
    const result = run();
    if (isStep) this.log.step(this.#id, `${step}_SUCCEEDED`, 'TRACE');
    return result;
  }

  #transformed(template: string, event: JsonObject): Json {
    try {
      const text = fillTemplate(template, event, this.#variables());
      return parseJson(text) ?? text;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new ExecutionError('ENRICHMENT_TRANSFORMATION', error.message, undefined, undefined, error);
    }
  }

  #skipped(): Outcome {
    this.#metrics.record('TargetStageSkipped');
    this.log.step(this.#id, 'TARGET_STAGE_SKIPPED', 'TRACE');
    return { failed: [] };
  }

  async #delivered(
    events: readonly TargetEvent[],
    records: readonly StreamRecord[],
    limit: TimeLimit,
  ): Promise<Outcome> {
    this.log.step(this.#id, 'TARGET_STAGE_ENTERED', 'INFO');
    const variables = this.#variables();
    const target = pipeTarget(this.pipe.target);
    if (!target) throw new ExecutionError('TARGET_INVOCATION', `${this.pipe.target} is no target of pipes.`);
    const hasTemplate = this.pipe.targetParameters?.InputTemplate !== undefined;
    const entries = this.#traced('TARGET_TRANSFORMATION', hasTemplate, () =>
      target.prepare(this.pipe, events, variables),
    );
    this.log.step(this.#id, 'TARGET_INVOCATION_STARTED', 'TRACE');
    const { failed, error, answer } = await limit.within(target.send(entries, events, this));
    const data = { awsRequest: JSON.stringify(entries), awsResponse: answer };
    if (failed.length === 0) {
      this.log.step(this.#id, 'TARGET_INVOCATION_SUCCEEDED', 'TRACE', data);
      this.log.step(this.#id, 'TARGET_STAGE_SUCCEEDED', 'INFO', { payload: JSON.stringify(entries) });
      return { failed: [] };
    }
    this.#metrics.record('TargetStagePartiallyFailed');
    this.log.step(this.#id, 'TARGET_INVOCATION_PARTIALLY_FAILED', 'ERROR', data, error);
    this.log.step(this.#id, 'TARGET_STAGE_PARTIALLY_FAILED', 'ERROR', {}, error);
    if (events.length !== records.length) return { failed: records, ...(error === undefined ? {} : { error }) };
    return { failed: records.filter((_, index) => failed.includes(index)), ...(error === undefined ? {} : { error }) };
  }

  #variables(): PipeVariables {
    const { arn, name, source, enrichment, target } = this.pipe;
    return {
      'aws.pipes.pipe-arn': arn,
      'aws.pipes.pipe-name': name,
      'aws.pipes.source-arn': source,
      'aws.pipes.enrichment-arn': enrichment ?? '',
      'aws.pipes.target-arn': target,
      'aws.pipes.event.ingestion-time': new Date(this.engine.clock.now()).toISOString(),
    };
  }
}
