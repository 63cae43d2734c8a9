import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Bucket } from '../../metrics/bucket';
import type { MetricStore } from '../../metrics/metric-store';
import { percentileOf, statistic } from '../../metrics/statistic';
import { MathQueries } from '../math/queries';
import { gridOf, pointsOf, type Grid } from '../math/values';
import { isComposite, type AlarmRecord, type AlarmState, type MetricAlarmRecord } from '../model';
import { COMPARISONS } from './comparison';
import { evaluate, evaluationRange, type Datapoint, type EvaluationRule } from './evaluate';
import { reasonOf } from './state-reason';
import { metricOf, ruleOf, watchedBy, type Watched, type WatchedMetric } from './watched';

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
  const rule = ruleOf(alarm, watched.metric?.id.namespace);
  if (watched.periodMs * rule.evaluationPeriods > DAY_MS && minute % HOUR_MS !== 0) return undefined;
  const count = evaluationRange(rule.evaluationPeriods);
  const grid = gridOf(minute - count * watched.periodMs, minute, watched.periodMs);
  const points = watched.metric
    ? pointsOfMetric(alarm, watched.metric, rule, metrics, grid)
    : pointsOfExpression(alarm, watched, metrics, grid);
  if (!points) return undefined;
  const verdict = evaluate(
    points.map((point) => point && { ...point, breaching: breaches(alarm, point.value) }),
    rule,
  );
  if (verdict.kind === 'keep' || verdict.state === alarm.state) return undefined;
  return reasonOf(alarm, watched, rule, verdict, minute);
}

type Point = Omit<Datapoint, 'breaching'>;

/** Oldest first; undefined as a whole where there are too few samples to say anything. */
function pointsOfMetric(
  alarm: MetricAlarmRecord,
  watched: WatchedMetric,
  { evaluationPeriods }: EvaluationRule,
  metrics: MetricStore,
  { starts, periodMs }: Grid,
): (Point | undefined)[] | undefined {
  const buckets = starts.map((at) => metrics.over(watched.id, watched.unit, at, at + periodMs));
  if (tooFewSamples(alarm, watched, buckets.slice(-evaluationPeriods))) return undefined;
  return starts.map((at, index) => {
    const bucket = buckets[index];
    const value = bucket && statistic(watched.statistic)?.(bucket);
    return value === undefined ? undefined : { at, value, samples: bucket?.count };
  });
}

/**
 * Oldest first. The expression is computed over everything that is looked at, which is more than is evaluated: functions
 * such as SUM of one series see all of it. Source: user guide, "Using metric math", what it says of SUM in alarms.
 */
function pointsOfExpression(
  alarm: MetricAlarmRecord,
  { query }: Watched,
  metrics: MetricStore,
  grid: Grid,
): (Point | undefined)[] {
  const read = ({ MetricStat: stat }: MetricDataQuery): ReadonlyMap<number, number> => {
    const { id, unit, statistic: name } = metricOf(alarm, stat);
    const compute = statistic(name);
    return pointsOf(
      grid.starts.map((at) => {
        const bucket = metrics.over(id, unit, at, at + grid.periodMs);
        return [at, bucket && compute?.(bucket)];
      }),
    );
  };
  const queries = new MathQueries('PutMetricAlarm', alarm.settings.Metrics ?? []);
  const result = queries.valueOf(query?.Id ?? '', grid, read);
  return grid.starts.map((at) => {
    const value = result.kind === 'series' ? result.series.points.get(at) : undefined;
    return value === undefined ? undefined : { at, value, samples: undefined };
  });
}

function breaches({ settings }: MetricAlarmRecord, value: number): boolean {
  return COMPARISONS[settings.ComparisonOperator ?? '']?.breaches(value, settings.Threshold ?? 0) ?? false;
}

/**
 * Whether a percentile of so few samples says nothing, where the alarm asks to ignore such.
 * Source: user guide, "Percentile-based alarms and low data samples": fewer than 10/(1-percentile) samples above the
 * median, fewer than 10/percentile below.
 */
function tooFewSamples(
  { settings }: MetricAlarmRecord,
  { statistic: name }: WatchedMetric,
  buckets: readonly (Bucket | undefined)[],
): boolean {
  const percent = percentileOf(name);
  if (settings.EvaluateLowSampleCountPercentile !== 'ignore' || percent === undefined) return false;
  const share = percent >= 50 ? (100 - percent) / 100 : percent / 100;
  const samples = buckets.reduce((sum, bucket) => sum + (bucket?.count ?? 0), 0);
  return samples * share < 10;
}
