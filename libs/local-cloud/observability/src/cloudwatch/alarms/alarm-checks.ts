import type { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { refuseOptions, unsupported } from '@outbox/local-cloud-kernel';
import { statistic } from '../../metrics/statistic';
import { MathQueries } from '../math/queries';
import {
  checkCount,
  checkNumber,
  checkOneOf,
  checkText,
  constraint,
  invalidCombination,
  missingParameter,
  validation,
} from '../errors';
import { MOST_ACTIONS, MOST_ALARM_QUERIES } from '../limits';

const DAY_SECONDS = 86_400;
/** Up to so long may be looked at; from periods of an hour on it is a week. Source: API reference, PutMetricAlarm. */
const WEEK_SECONDS = 7 * DAY_SECONDS;
/** Options of PutMetricAlarm that are not run. */
const REFUSED = [
  'ActionConfiguration',
  'EvaluationCriteria',
  'EvaluationInterval',
  'EvaluationWindow',
  'ThresholdMetricId',
  'WarmUpConfiguration',
];

/** @throws AwsError as PutMetricAlarm answers settings it does not take. */
export function checkMetricAlarm(input: PutMetricAlarmCommandInput): void {
  refuseOptions('cloudwatch', 'PutMetricAlarm', input, ...REFUSED);
  checkName(input.AlarmName);
  checkDescription(input);
  checkActions(input);
  checkEvaluation(input);
  if (input.Metrics && input.Metrics.length > 0) checkQueries(input, input.Metrics);
  else checkSingle(input);
}

/** @throws AwsError ValidationError unless the name is one. */
export function checkName(name: string | undefined): void {
  checkText(name ?? '', 'alarmName', { most: 255 });
}

/** Bounds of an alarm's text and tags. Source: API reference, PutMetricAlarm, AlarmDescription and Tags. */
export function checkDescription({
  AlarmDescription: text = '',
  Tags: tags = [],
}: Pick<PutMetricAlarmCommandInput, 'AlarmDescription' | 'Tags'>): void {
  checkText(text, 'alarmDescription', { least: 0, most: 1024 });
  checkCount(tags, 'tags', 0, 50);
}

/** Checks the ARNs of what an alarm does; whether they exist is found out when it acts, as on AWS. */
export function checkActions(
  input: Pick<PutMetricAlarmCommandInput, 'AlarmActions' | 'OKActions' | 'InsufficientDataActions'>,
): void {
  for (const [member, actions] of [
    ['alarmActions', input.AlarmActions],
    ['oKActions', input.OKActions],
    ['insufficientDataActions', input.InsufficientDataActions],
  ] as const) {
    checkCount(actions, member, 0, MOST_ACTIONS);
    for (const action of actions ?? []) {
      const [arn, , service] = action.split(':');
      if (arn !== 'arn' || action.split(':').length < 6) throw validation(`Invalid arn syntax: ${action}`);
      if (service !== 'sns' && service !== 'lambda') throw refuse(`an action of ${service}`);
    }
  }
}

/** @throws AwsError unless it is a whole number of minutes; high resolution is not run. */
export function checkPeriod(period: number | undefined): number {
  if (period === undefined) throw missingParameter('The parameter Period is required.');
  if ([10, 20, 30].includes(period)) throw refuse(`a period of ${period} seconds`);
  if (period <= 0 || period % 60 !== 0) throw validation('Period must be 10, 20, 30 or a multiple of 60');
  return period;
}

function checkEvaluation(input: PutMetricAlarmCommandInput): void {
  const { EvaluationPeriods: periods, DatapointsToAlarm: datapoints } = input;
  if (periods === undefined) throw missingParameter('The parameter EvaluationPeriods is required.');
  checkNumber(periods, 'evaluationPeriods', 1);
  checkNumber(datapoints, 'datapointsToAlarm', 1);
  if (datapoints !== undefined && datapoints > periods) {
    throw validation('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  }
  const operator = input.ComparisonOperator;
  if (operator === undefined) throw missingParameter('The parameter ComparisonOperator is required.');
  if (/^(LessThanLower|GreaterThanUpper)/.test(operator)) throw refuse('anomaly detection');
  if (input.Threshold === undefined) throw missingParameter('The parameter Threshold is required.');
  // Neither is an enum of the API model.
  checkOneOf(input.TreatMissingData, 'treatMissingData', ['breaching', 'notBreaching', 'ignore', 'missing']);
  checkOneOf(input.EvaluateLowSampleCountPercentile, 'evaluateLowSampleCountPercentile', ['evaluate', 'ignore']);
}

function checkSingle(input: PutMetricAlarmCommandInput): void {
  if (!input.MetricName || !input.Namespace) {
    throw validation('Metrics list or MetricName and Namespace are required.');
  }
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined)) {
    throw invalidCombination('Exactly one of the parameters Statistic and ExtendedStatistic must be specified.');
  }
  checkStatistic(input.ExtendedStatistic ?? input.Statistic ?? '');
  checkWatched(checkPeriod(input.Period), input);
}

function checkQueries(input: PutMetricAlarmCommandInput, queries: readonly MetricDataQuery[]): void {
  for (const member of ['MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'Period', 'Dimensions'] as const) {
    const given = input[member];
    if (given !== undefined && !(Array.isArray(given) && given.length === 0)) {
      throw validation(`Metrics list and ${member} must not be specified together.`);
    }
  }
  const ids = queries.map(({ Id = '' }) => Id);
  for (const id of ids) checkQueryId(id);
  if (new Set(ids).size < ids.length) throw validation('The ids in the Metrics list are not unique.');
  checkQueryParts('PutMetricAlarm', queries);
  for (const kind of ['MetricStat', 'Expression'] as const) {
    if (queries.filter((query) => query[kind] !== undefined).length > MOST_ALARM_QUERIES) {
      throw validation(`The Metrics list must not hold more than ${MOST_ALARM_QUERIES} entries with ${kind}.`);
    }
  }
  for (const { MetricStat } of queries) {
    if (MetricStat) checkWatched(checkPeriod(MetricStat.Period), input);
  }
  const [watched, second] = queries.filter(({ ReturnData }) => ReturnData !== false);
  if (!watched || second) throw validation('Exactly one element of the metrics list should return data.');
  const math = new MathQueries('PutMetricAlarm', queries);
  checkWatched(math.periodMs(watched.Id ?? '') / 1000, input);
  if (math.kindOf(watched.Id ?? '') !== 'series') {
    throw validation(`Error in expression '${watched.Id}': The expression must return a single time series`);
  }
}

/**
 * Checks each query by itself: it has either a metric or an expression, and what it has is well formed.
 * @throws AwsError
 */
export function checkQueryParts(operation: string, queries: readonly MetricDataQuery[]): void {
  for (const { Expression, MetricStat, AccountId, Period } of queries) {
    if (AccountId !== undefined) throw unsupported('cloudwatch', operation, 'metrics of other accounts');
    if ((Expression === undefined) === (MetricStat === undefined)) {
      throw validation('Each of the metric data queries must have either MetricStat or Expression.');
    }
    if (Period !== undefined) checkPeriod(Period);
    if (!MetricStat) continue;
    if (!MetricStat.Metric?.Namespace || !MetricStat.Metric.MetricName) {
      throw validation('Metric Namespace and MetricName are required.');
    }
    checkPeriod(MetricStat.Period);
    checkStatistic(MetricStat.Stat ?? '');
  }
}

/** @throws AwsError unless it can be the name of a query. */
export function checkQueryId(id: string): void {
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) {
    throw validation(
      `The value ${id} for parameter MetricDataQueries.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
}

/** @throws AwsError for a statistic AWS doesn't know. */
export function checkStatistic(name: string): void {
  if (!statistic(name)) throw constraint(name, 'stat', 'Member must be a statistic or a percentile such as p99');
}

function checkWatched(period: number, { EvaluationPeriods: periods = 1 }: PutMetricAlarmCommandInput): void {
  const most = period >= 3600 ? WEEK_SECONDS : DAY_SECONDS;
  if (period * periods > most) {
    throw validation(
      `Metrics cannot be checked across more than ${most === DAY_SECONDS ? 'a day' : '7 days'} (EvaluationPeriods * Period must be <= ${most}).`,
    );
  }
}

function refuse(what: string): Error {
  return unsupported('cloudwatch', 'PutMetricAlarm', what);
}
