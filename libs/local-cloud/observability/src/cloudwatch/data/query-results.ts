import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricPlace } from '@outbox/local-cloud-kernel';
import type { MetricStore } from '../../metrics/metric-store';
import { MINUTE_MS } from '../../metrics/series';
import { statistic } from '../../metrics/statistic';
import { metricOf } from '../alarms/watched';
import { validation } from '../errors';
import { labelOf, MathQueries } from '../math/queries';
import { gridOf, pointsOf, type TimeSeries } from '../math/values';
import { datapoints, type Span } from './datapoints';

/**
 * What GetMetricData's queries come to, oldest datapoint first: one result each, several for an expression over a list.
 * @throws AwsError for expressions that make no sense or aren't run
 */
export function queryResults(
  metrics: MetricStore,
  place: MetricPlace,
  queries: readonly MetricDataQuery[],
  { from, to }: Pick<Span, 'from' | 'to'>,
): MetricDataResult[] {
  const math = new MathQueries('GetMetricData', queries);
  return queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .flatMap((query) => {
      const { Id = '' } = query;
      const periodMs = math.periodMs(Id);
      const read = ({ MetricStat: stat }: MetricDataQuery): ReadonlyMap<number, number> => {
        const { id, unit, statistic: name } = metricOf(place, stat);
        const compute = statistic(name);
        const found = datapoints(metrics, id, unit, { from, to, periodMs });
        return pointsOf(found.map(([start, bucket]) => [start, compute?.(bucket)]));
      };
      // The span begins at a whole minute, as it does for a metric alone.
      const value = math.valueOf(Id, gridOf(Math.floor(from / MINUTE_MS) * MINUTE_MS, to, periodMs), read);
      if (value.kind === 'scalar') {
        throw validation(`Error in expression '${Id}': The expression must return a time series`);
      }
      if (value.kind === 'series') return [resultOf(Id, labelOf(query), value.series)];
      // Source: user guide, "Adding a math expression to a CloudWatch graph": the expression's label, then the metric's.
      return value.list.map((series) => resultOf(Id, `${query.Label ?? Id} ${series.label}`.trim(), series));
    });
}

function resultOf(Id: string, Label: string, { points }: TimeSeries): MetricDataResult {
  return { Id, Label, Timestamps: [...points.keys()].map((at) => new Date(at)), Values: [...points.values()] };
}
