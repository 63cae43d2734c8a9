import { unsupported } from '@outbox/local-cloud-kernel';
import type { Bucket } from './bucket';

const SIMPLE = {
  SampleCount: ({ count }: Bucket) => count,
  Average: ({ sum, count }: Bucket) => sum / count,
  Sum: ({ sum }: Bucket) => sum,
  Minimum: ({ min }: Bucket) => min,
  Maximum: ({ max }: Bucket) => max,
} as const;

/** The five statistics that are no percentile. */
export const STATISTICS = Object.keys(SIMPLE);

/** `p0` to `p100`, with decimals. Source: CloudWatch user guide, "Percentiles". */
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)$/;
/** Trimmed and winsorized means, ranks and what else AWS computes over ranges of values. */
const RANGES = /^(tm|wm|tc|ts|pr|TM|WM|TC|TS|PR|IQM|iqm)/;

/** The percentile a statistic's name says, from 0 to 100; undefined for any other name. */
export function percentileOf(statistic: string): number | undefined {
  const [, percent] = PERCENTILE.exec(statistic) ?? [];
  return percent === undefined ? undefined : Number(percent);
}

/**
 * Computes a statistic by its name; undefined where the bucket can't tell (a percentile of reported statistics).
 * Undefined in the place of the function for a name AWS doesn't know.
 * @throws AwsError for statistics the local cloud doesn't compute
 */
export function statistic(name: string): ((bucket: Bucket) => number | undefined) | undefined {
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name as keyof typeof SIMPLE];
  const percentile = percentileOf(name);
  if (percentile !== undefined) return (bucket) => percentileIn(bucket, percentile);
  if (RANGES.test(name)) throw unsupported('cloudwatch', 'statistics', `the statistic ${name}`);
  return undefined;
}

/** The smallest value with at least so many percent of all values at or below it. */
function percentileIn({ values, count, min, max }: Bucket, percent: number): number | undefined {
  // Of reported statistics there are percentiles only if all values are one. Source: user guide, "Percentiles".
  if (!values) return min === max ? min : undefined;
  const rank = (percent / 100) * count;
  let seen = 0;
  for (const [value, times] of [...values].sort(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= rank) return Math.min(Math.max(value, min), max);
  }
  return max;
}
