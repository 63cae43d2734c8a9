import { merged, type Bucket } from '../../metrics/bucket';
import type { MetricId } from '../../metrics/metric-id';
import type { MetricStore } from '../../metrics/metric-store';
import { MINUTE_MS } from '../../metrics/series';

/** A span of time in periods; times in epoch milliseconds, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly periodMs: number;
}

/**
 * What was reported in each period of a span, oldest first; periods without data are left out. The span begins at a
 * whole minute. Source: API reference, GetMetricStatistics, StartTime.
 */
export function datapoints(
  metrics: MetricStore,
  id: MetricId,
  unit: string | undefined,
  span: Span,
): [start: number, bucket: Bucket][] {
  const from = Math.floor(span.from / MINUTE_MS) * MINUTE_MS;
  const periods = new Map<number, Bucket>();
  for (const [at, bucket] of metrics.buckets(id, unit, from, span.to)) {
    const start = from + Math.floor((at - from) / span.periodMs) * span.periodMs;
    const known = periods.get(start);
    periods.set(start, known ? merged(known, bucket) : bucket);
  }
  return [...periods].sort(([a], [b]) => a - b);
}
