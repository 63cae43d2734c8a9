import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import type { MetricPlace } from '@outbox/local-cloud-kernel';
import { MathQueries } from '../math/queries';
import type { MetricAlarmRecord } from '../model';
import { dimensionRecord, type MetricId } from '../../metrics/metric-id';
import type { EvaluationRule, TreatMissing } from './evaluate';

/** One metric that an alarm looks at. */
export interface WatchedMetric {
  readonly id: MetricId;
  readonly statistic: string;
  readonly unit: string | undefined;
}

/** What a metric alarm looks at, whichever way its settings say it. */
export interface Watched {
  readonly periodMs: number;
  /** Undefined where it is an expression over metrics. */
  readonly metric: WatchedMetric | undefined;
  /** The query that returns data, where the alarm is given as a list of queries. */
  readonly query: MetricDataQuery | undefined;
}

/** What the alarm looks at; its settings were checked when it was made. */
export function watchedBy({ accountId, region, settings }: MetricAlarmRecord): Watched {
  const { Metrics: queries = [] } = settings;
  const query = queries.find(({ ReturnData }) => ReturnData !== false);
  if (query?.Expression !== undefined) {
    const periodMs = new MathQueries('PutMetricAlarm', queries).periodMs(query.Id ?? '');
    return { periodMs, metric: undefined, query };
  }
  if (query) {
    const { MetricStat: stat } = query;
    return { periodMs: (stat?.Period ?? 0) * 1000, metric: metricOf({ accountId, region }, stat), query };
  }
  const metric = metricOf(
    { accountId, region },
    { Metric: settings, Stat: settings.ExtendedStatistic ?? settings.Statistic, Unit: settings.Unit },
  );
  return { periodMs: (settings.Period ?? 0) * 1000, metric, query };
}

/** The metric that a query names. */
export function metricOf({ accountId, region }: MetricPlace, stat: Partial<MetricStat> | undefined): WatchedMetric {
  const { Namespace: namespace = '', MetricName: name = '', Dimensions } = stat?.Metric ?? {};
  return {
    id: { accountId, region, namespace, name, dimensions: dimensionRecord(Dimensions) },
    statistic: stat?.Stat ?? '',
    unit: stat?.Unit,
  };
}

/** How the alarm's datapoints decide. */
export function ruleOf({ settings }: MetricAlarmRecord, namespace: string | undefined): EvaluationRule {
  const evaluationPeriods = settings.EvaluationPeriods ?? 1;
  return {
    evaluationPeriods,
    datapointsToAlarm: settings.DatapointsToAlarm ?? evaluationPeriods,
    // Metrics of DynamoDB ignore missing data unless told otherwise. Source: user guide, "Configuring how CloudWatch
    // alarms treat missing data".
    treatMissing:
      (settings.TreatMissingData as TreatMissing | undefined) ?? (namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing'),
  };
}
