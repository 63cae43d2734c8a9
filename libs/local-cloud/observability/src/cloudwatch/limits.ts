/** Limits of CloudWatch. Source: the API reference of what is named. */

/** PutMetricData, MetricDatum and Dimension: of one request. */
export const MOST_DATA = 1000;

/** Of one datum. */
export const MOST_VALUES = 150;

/** Of one datum. */
export const MOST_DIMENSIONS = 30;

/** Characters of a name. */
export const MOST_NAME = 255;

/** Characters. */
export const MOST_DIMENSION_VALUE = 1024;

/** The largest value. */
export const LARGEST = 2 ** 360;

/** How far in the past, and in the future, a datum may lie. */
export const OLDEST_MS = 14 * 86_400_000;
export const NEWEST_MS = 2 * 3_600_000;

/** GetMetricData. */
export const MOST_QUERIES = 500;

/** GetMetricData, MaxDatapoints. */
export const MOST_DATAPOINTS = 100_800;

/** GetMetricStatistics. */
export const MOST_STATISTICS = 1_440;

/** ListMetrics. */
export const LIST_PAGE = 500;

/** MetricDataQuery, Expression: characters. */
export const MAX_EXPRESSION = 2048;

/** PutMetricAlarm: for each state. */
export const MOST_ACTIONS = 5;

/** MetricDataQuery: so many metrics, and as many expressions, of one alarm. */
export const MOST_ALARM_QUERIES = 10;

/** DeleteAlarms. */
export const MOST_DELETED = 100;

/** DescribeAlarms and DescribeAlarmHistory, MaxRecords. */
export const MOST_RECORDS = 100;

/** DescribeAlarmHistory: how long history is kept. */
export const HISTORY_MS = 30 * 86_400_000;

/** PutCompositeAlarm, AlarmRule. */
export const MOST_RULE_CHARACTERS = 10_240;
