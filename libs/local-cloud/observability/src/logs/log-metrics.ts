import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Engine } from '@outbox/local-cloud-kernel';
import { bucketOf } from '../metrics/bucket';
import type { MetricStore } from '../metrics/metric-store';
import { embeddedMetrics } from './embedded-metrics';
import type { MetricFilters } from './metric-filters';
import type { LogGroupRecord } from './model';

/** What log events say in metrics: those they carry, and those CloudWatch Logs reports of a group. */
export class LogMetrics {
  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'log'>,
    private readonly metrics: MetricStore,
    private readonly filters: MetricFilters,
  ) {}

  /** Events that carry metrics badly are kept as what they are, text. */
  ingested(record: LogGroupRecord, events: readonly InputLogEvent[]): void {
    const { accountId, region, name: group } = record;
    const now = this.engine.clock.now();
    const own = (name: string, value: number, unit: 'Count' | 'Bytes' = 'Count'): void =>
      this.metrics.record({
        accountId,
        region,
        namespace: 'AWS/Logs',
        name,
        dimensions: { LogGroupName: group },
        value,
        unit,
      });
    let bytes = 0;
    for (const { message = '' } of events) {
      bytes += Buffer.byteLength(message);
      const embedded = embeddedMetrics(message, now);
      if (embedded.kind === 'invalid') {
        own('EMFValidationErrors', 1);
        this.engine.log('warn', 'a log event breaks the embedded metric format', { group, reason: embedded.reason });
      }
      if (embedded.kind !== 'metrics') continue;
      for (const { namespace, name, dimensions, unit, at, bucket } of embedded.metrics) {
        this.metrics.put({ accountId, region, namespace, name, dimensions }, unit, at, bucket);
      }
    }
    for (const { namespace, name, dimensions, unit, at, value } of this.filters.valuesOf(record, events)) {
      this.metrics.put({ accountId, region, namespace, name, dimensions }, unit, at, bucketOf([[value, 1]]));
    }
    const id = { accountId, region, namespace: 'AWS/Logs', dimensions: { LogGroupName: group } };
    this.metrics.put({ ...id, name: 'IncomingLogEvents' }, 'Count', now, bucketOf([[1, events.length]]));
    own('IncomingBytes', bytes, 'Bytes');
  }
}
