import type { Bucket } from '../../metrics/bucket';
import type { MetricStore } from '../../metrics/metric-store';
import { percentileOf, statistic } from '../../metrics/statistic';
import { isComposite, type AlarmRecord, type AlarmState, type MetricAlarmRecord } from '../model';
import { COMPARISONS } from './comparison';
import { evaluate, evaluationRange, type Datapoint } from './evaluate';
import { reasonOf } from './state-reason';
import { ruleOf, watchedBy, type Watched } from './watched';

/** Alarms with more than a day to look at are evaluated once an hour. Source: user guide, "Alarm evaluation". */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * The state a metric alarm comes to at the end of a minute, or undefined where it stays in its own. Periods end at that
 * minute, however long they are: an alarm over five minutes looks at the last five minutes each minute.
 * Source: CloudWatch user guide, "Alarm evaluation".
 */
export function evaluateAlarm(alarm: AlarmRecord, metrics: MetricStore, minute: number): AlarmState | undefined {
  if (isComposite(alarm)) return undefined;
  const watched = watchedBy(alarm);
  const rule = ruleOf(alarm, watched.id.namespace);
  if (watched.periodMs * rule.evaluationPeriods > DAY_MS && minute % HOUR_MS !== 0) return undefined;
  const buckets = bucketsOf(watched, evaluationRange(rule.evaluationPeriods), metrics, minute);
  if (tooFewSamples(alarm, watched, buckets.slice(-rule.evaluationPeriods))) return undefined;
  const verdict = evaluate(
    buckets.map((bucket, index) =>
      datapoint(alarm, watched, bucket, minute - (buckets.length - index) * watched.periodMs),
    ),
    rule,
  );
  if (verdict.kind === 'keep' || verdict.state === alarm.state) return undefined;
  return reasonOf(alarm, watched, rule, verdict, minute);
}

/** Oldest first. */
function bucketsOf(watched: Watched, count: number, metrics: MetricStore, end: number): (Bucket | undefined)[] {
  return Array.from({ length: count }, (_, index) => {
    const from = end - (count - index) * watched.periodMs;
    return metrics.over(watched.id, watched.unit, from, from + watched.periodMs);
  });
}

function datapoint(
  { settings }: MetricAlarmRecord,
  watched: Watched,
  bucket: Bucket | undefined,
  at: number,
): Datapoint | undefined {
  const value = bucket && statistic(watched.statistic)?.(bucket);
  if (value === undefined) return undefined;
  const breaching = COMPARISONS[settings.ComparisonOperator ?? '']?.breaches(value, settings.Threshold ?? 0) ?? false;
  return { at, value, samples: bucket?.count ?? 0, breaching };
}

/**
 * Whether a percentile of so few samples says nothing, where the alarm asks to ignore such.
 * Source: user guide, "Percentile-based alarms and low data samples": fewer than 10/(1-percentile) samples above the
 * median, fewer than 10/percentile below.
 */
function tooFewSamples(
  { settings }: MetricAlarmRecord,
  { statistic: name }: Watched,
  buckets: readonly (Bucket | undefined)[],
): boolean {
  const percent = percentileOf(name);
  if (settings.EvaluateLowSampleCountPercentile !== 'ignore' || percent === undefined) return false;
  const share = percent >= 50 ? (100 - percent) / 100 : percent / 100;
  const samples = buckets.reduce((sum, bucket) => sum + (bucket?.count ?? 0), 0);
  return samples * share < 10;
}
