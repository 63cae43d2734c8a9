import type {
  GetMetricDataCommandInput,
  MetricDataQuery,
  MetricDataResult,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { refuseOptions } from '@outbox/local-cloud-kernel';
import { dimensionRecord } from '../../metrics/metric-id';
import type { MetricStore } from '../../metrics/metric-store';
import { statistic } from '../../metrics/statistic';
import { checkPeriod, checkQueryId, checkQueryParts, checkStatistic } from '../alarms/alarm-checks';
import type { CloudwatchOperations } from '../alarms/put-alarm-operations';
import { checkNumber, invalidCombination, invalidValue, missingParameter, validation } from '../errors';
import { page } from '../page';
import { datapoints } from './datapoints';
import { queryResults } from './query-results';
import { MOST_DATAPOINTS, MOST_QUERIES, MOST_STATISTICS } from '../limits';

/** Metrics over time. */
export function readOperations(metrics: MetricStore): CloudwatchOperations {
  return {
    GetMetricData: {
      requires: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
      handle: (input, context) => {
        refuseOptions('cloudwatch', 'GetMetricData', input, 'LabelOptions');
        const queries = input.MetricDataQueries ?? [];
        const { from, to } = checkTimes(input);
        checkQueries(queries);
        const most = input.MaxDatapoints ?? MOST_DATAPOINTS;
        checkNumber(most, 'maxDatapoints', 1, MOST_DATAPOINTS);
        const results = queryResults(metrics, context, queries, { from, to });
        if (input.ScanBy !== 'TimestampAscending') results.forEach(reverse);
        // Every page holds so many datapoints of each result.
        const size = Math.max(1, Math.floor(most / Math.max(1, results.length)));
        const pages = results.map((result) => ({
          result,
          times: page(result.Timestamps ?? [], input.NextToken, size),
          values: page(result.Values ?? [], input.NextToken, size),
        }));
        return {
          MetricDataResults: pages.map(({ result, times, values }) => ({
            ...result,
            Timestamps: times.items,
            Values: values.items,
            StatusCode: values.NextToken === undefined ? 'Complete' : 'PartialData',
          })),
          NextToken: pages.find(({ values }) => values.NextToken !== undefined)?.values.NextToken,
          Messages: [],
        };
      },
    },
    GetMetricStatistics: {
      requires: () => [{ action: 'cloudwatch:GetMetricStatistics', resource: '*' }],
      handle: (input, { accountId, region }) => {
        const { from, to } = checkTimes(input);
        const periodMs = checkPeriod(input.Period) * 1000;
        const { Statistics: names = [], ExtendedStatistics: extended = [] } = input;
        if (names.length === 0 && extended.length === 0) {
          throw missingParameter('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
        }
        if (names.length > 0 && extended.length > 0) {
          throw invalidCombination('The parameters Statistics and ExtendedStatistics must not be specified together.');
        }
        extended.forEach(checkStatistic);
        if ((to - from) / periodMs > MOST_STATISTICS) {
          throw invalidCombination(
            `You have requested up to ${Math.ceil((to - from) / periodMs)} datapoints, which exceeds the limit of ${MOST_STATISTICS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
          );
        }
        const id = {
          accountId,
          region,
          namespace: input.Namespace ?? '',
          name: input.MetricName ?? '',
          dimensions: dimensionRecord(input.Dimensions),
        };
        // Datapoints are apart by unit. Source: API reference, GetMetricStatistics, Unit.
        const points = metrics
          .units(id)
          .filter((unit) => input.Unit === undefined || unit === input.Unit)
          .flatMap((unit) =>
            datapoints(metrics, id, unit, { from, to, periodMs }).map(([start, bucket]) => ({
              Timestamp: new Date(start),
              Unit: unit as StandardUnit,
              ...Object.fromEntries(names.map((name) => [name, statistic(name)?.(bucket)])),
              ...(extended.length === 0 ? {} : { ExtendedStatistics: percentiles(extended, bucket) }),
            })),
          );
        return { Label: input.MetricName, Datapoints: points };
      },
    },
  };
}

type Bucket = Parameters<NonNullable<ReturnType<typeof statistic>>>[0];

function percentiles(names: readonly string[], bucket: Bucket): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = statistic(name)?.(bucket);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function reverse(result: MetricDataResult): void {
  result.Timestamps?.reverse();
  result.Values?.reverse();
}

function checkTimes(input: Pick<GetMetricDataCommandInput, 'StartTime' | 'EndTime'>): { from: number; to: number } {
  const [from, to] = [input.StartTime?.getTime(), input.EndTime?.getTime()];
  if (from === undefined || to === undefined) {
    throw missingParameter(`The parameter ${from === undefined ? 'StartTime' : 'EndTime'} is required.`);
  }
  if (from >= to) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  return { from, to };
}

function checkQueries(queries: readonly MetricDataQuery[]): void {
  if (queries.length === 0) throw missingParameter('The parameter MetricDataQueries is required.');
  if (queries.length > MOST_QUERIES) {
    throw validation(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  }
  const ids = queries.map(({ Id = '' }) => Id);
  ids.forEach(checkQueryId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw validation(`The values for parameter id in MetricDataQueries are not unique: ${twice}.`);
  checkQueryParts('GetMetricData', queries);
}
