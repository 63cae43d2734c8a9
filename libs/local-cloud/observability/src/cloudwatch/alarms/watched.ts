import type { MetricAlarmRecord } from '../model';
import { dimensionRecord, type MetricId } from '../../metrics/metric-id';
import type { EvaluationRule, TreatMissing } from './evaluate';

/** What a metric alarm looks at, whichever way its settings say it. */
export interface Watched {
  readonly id: MetricId;
  readonly periodMs: number;
  readonly statistic: string;
  readonly unit: string | undefined;
  /** The id of its query where the alarm is given as a list of queries. */
  readonly queryId: string | undefined;
}

/** The one metric of the alarm; its settings were checked when it was made. */
export function watchedBy({ accountId, region, settings }: MetricAlarmRecord): Watched {
  const query = settings.Metrics?.find(({ ReturnData }) => ReturnData !== false);
  const metric = query?.MetricStat?.Metric ?? settings;
  return {
    id: {
      accountId,
      region,
      namespace: metric.Namespace ?? '',
      name: metric.MetricName ?? '',
      dimensions: dimensionRecord(metric.Dimensions),
    },
    periodMs: (query?.MetricStat?.Period ?? settings.Period ?? 0) * 1000,
    statistic: query?.MetricStat?.Stat ?? settings.ExtendedStatistic ?? settings.Statistic ?? '',
    unit: query ? query.MetricStat?.Unit : settings.Unit,
    queryId: query?.Id,
  };
}

/** How the alarm's datapoints decide. */
export function ruleOf({ settings }: MetricAlarmRecord, namespace: string): EvaluationRule {
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
