import type { Engine, MetricUnit } from '@outbox/local-cloud-kernel';
import { ExecutionError, ExecutionTimeout } from './errors';
import type { StoredPipe } from './pipe-store';

/** What pipes report. Source: EventBridge guide, "Monitoring Amazon EventBridge Pipes". */
type PipeMetric =
  | 'Invocations'
  | 'EventCount'
  | 'EventSize'
  | 'Duration'
  | 'ExecutionFailed'
  | 'ExecutionPartiallyFailed'
  | 'ExecutionThrottled'
  | 'ExecutionTimeout'
  | 'EnrichmentStageFailed'
  | 'EnrichmentStageDuration'
  | 'TargetStageFailed'
  | 'TargetStagePartiallyFailed'
  | 'TargetStageSkipped'
  | 'TargetStageDuration';

/** Records what one pipe's executions come to. */
export class PipeMetrics {
  constructor(
    private readonly pipe: Pick<StoredPipe, 'accountId' | 'region' | 'name'>,
    private readonly engine: Pick<Engine, 'clock' | 'metrics'>,
  ) {}

  record(name: PipeMetric, value = 1, unit: MetricUnit = 'Count'): void {
    const { accountId, region } = this.pipe;
    this.engine.metrics.record({
      accountId,
      region,
      namespace: 'AWS/EventBridge/Pipes',
      name,
      dimensions: { PipeName: this.pipe.name },
      value,
      unit,
    });
  }

  /** Runs a stage or the whole, and records how long it took. */
  async timed<T>(
    name: 'Duration' | 'EnrichmentStageDuration' | 'TargetStageDuration',
    run: () => Promise<T>,
  ): Promise<T> {
    const start = this.engine.clock.now();
    try {
      return await run();
    } finally {
      this.record(name, this.engine.clock.now() - start, 'Milliseconds');
    }
  }

  /** An execution that failed, by the stage it failed in. One that was throttled or timed out is no failed one. */
  failed(error: unknown): void {
    if (error instanceof ExecutionTimeout) return this.record('ExecutionTimeout');
    if (error instanceof ExecutionError) {
      this.record(error.stage === 'ENRICHMENT' ? 'EnrichmentStageFailed' : 'TargetStageFailed');
      if (error.httpStatusCode === 429) return this.record('ExecutionThrottled');
    }
    this.record('ExecutionFailed');
  }
}
