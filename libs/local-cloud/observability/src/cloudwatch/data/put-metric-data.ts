import { StandardUnit, type Dimension, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import { unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { bucketOf, type Bucket } from '../../metrics/bucket';
import { dimensionRecord } from '../../metrics/metric-id';
import type { MetricStore } from '../../metrics/metric-store';
import type { CloudwatchOperations } from '../alarms/put-alarm-operations';
import { invalidCombination, invalidValue, missingParameter } from '../errors';
import {
  LARGEST,
  MOST_DATA,
  MOST_DIMENSIONS,
  MOST_DIMENSION_VALUE,
  MOST_NAME,
  MOST_VALUES,
  NEWEST_MS,
  OLDEST_MS,
} from '../limits';

const DIMENSION = /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/;
const UNITS: readonly string[] = Object.values(StandardUnit);

/** PutMetricData: values, values with counts, or statistics of values. All of a request is taken, or none of it. */
export function putMetricData(engine: Pick<Engine, 'clock'>, metrics: MetricStore): CloudwatchOperations {
  return {
    PutMetricData: {
      requires: (input) => [
        {
          action: 'cloudwatch:PutMetricData',
          resource: '*',
          conditions: { 'cloudwatch:namespace': input.Namespace ?? '' },
        },
      ],
      handle: (input, { accountId, region }) => {
        if (input.EntityMetricData !== undefined) throw unsupported('cloudwatch', 'PutMetricData', 'EntityMetricData');
        const namespace = checkNamespace(input.Namespace);
        const data = input.MetricData ?? [];
        if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
        if (data.length > MOST_DATA) {
          throw invalidValue(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
        }
        const now = engine.clock.now();
        const checked = data.map((datum, index) => check(datum, `MetricData.member.${index + 1}`, now));
        for (const { name, dimensions, unit, at, bucket } of checked) {
          // Values that did not occur are no data: an average of none would be no number.
          if (bucket.count > 0) metrics.put({ accountId, region, namespace, name, dimensions }, unit, at, bucket);
        }
        return {};
      },
    },
  };
}

/** Customers' namespaces do not begin as AWS's own. Source: API reference, PutMetricData. */
function checkNamespace(namespace: string | undefined): string {
  if (!namespace) throw missingParameter('The parameter Namespace is required.');
  if (/^(:|AWS\/)/.test(namespace) || !/^[\x20-\x7e]{1,255}$/.test(namespace)) {
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  return namespace;
}

function check(datum: MetricDatum, member: string, now: number) {
  const { MetricName: name, Unit: unit = 'None' } = datum;
  if (!name) throw missingParameter(`The parameter ${member}.MetricName is required.`);
  if (!UNITS.includes(unit)) throw invalidValue(`The value ${unit} for parameter ${member}.Unit is invalid.`);
  if (datum.StorageResolution !== undefined && datum.StorageResolution !== 60) {
    throw unsupported('cloudwatch', 'PutMetricData', `a StorageResolution of ${datum.StorageResolution}`);
  }
  if (name.length > MOST_NAME) {
    throw invalidValue(`The value ${name} for parameter ${member}.MetricName is longer than ${MOST_NAME} characters.`);
  }
  const dimensions = checkDimensions(datum.Dimensions ?? [], member);
  const at = datum.Timestamp?.getTime() ?? now;
  if (at < now - OLDEST_MS || at > now + NEWEST_MS) {
    throw invalidValue(
      `The parameter ${member}.Timestamp must specify a time no more than two weeks in the past and no more than two hours in the future.`,
    );
  }
  return { name, dimensions, unit, at, bucket: bucketFrom(datum, member) };
}

/**
 * Each has a name and a value of printable ASCII with more than blanks, and no name twice.
 * Source: CloudWatch API reference, Dimension.
 */
function checkDimensions(list: readonly Dimension[], member: string): Readonly<Record<string, string>> {
  if (list.length > MOST_DIMENSIONS) {
    throw invalidValue(`The collection ${member}.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  }
  list.forEach(({ Name: name, Value: value }, index) => {
    const at = `${member}.Dimensions.member.${index + 1}`;
    if (!name || !value) throw missingParameter(`The parameter ${at}.${name ? 'Value' : 'Name'} is required.`);
    if (!DIMENSION.test(name) || name.startsWith(':') || name.length > MOST_NAME) {
      throw invalidValue(`The value ${name} for parameter ${at}.Name is invalid.`);
    }
    if (!DIMENSION.test(value) || value.length > MOST_DIMENSION_VALUE) {
      throw invalidValue(`The value ${value} for parameter ${at}.Value is invalid.`);
    }
  });
  const dimensions = dimensionRecord(list);
  if (Object.keys(dimensions).length < list.length) {
    throw invalidValue('No Metric may specify the same dimension name twice.');
  }
  return dimensions;
}

function bucketFrom(datum: MetricDatum, member: string): Bucket {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum;
  const given = Object.entries({ Value: value, Values: values, StatisticValues: set }).flatMap(([name, one]) =>
    one === undefined ? [] : [`${member}.${name}`],
  );
  if (given.length === 0) throw missingParameter(`The parameter ${member}.Value is required.`);
  if (given.length > 1) {
    const [first, second] = given;
    throw invalidCombination(
      `The parameters ${first} and ${second} are mutually exclusive and you have specified both.`,
    );
  }
  if (value !== undefined) return bucketOf([[finite(value, `${member}.Value`), 1]]);
  if (set) {
    const [count = 0, sum = 0, min = 0, max = 0] = [set.SampleCount, set.Sum, set.Minimum, set.Maximum].map((number) =>
      finite(number ?? 0, `${member}.StatisticValues`),
    );
    if (count <= 0) throw invalidValue(`The parameter ${member}.StatisticValues.SampleCount must be greater than 0.`);
    return { count, sum, min, max, values: count === 1 || min === max ? new Map([[min, count]]) : undefined };
  }
  const list = values ?? [];
  if (list.length === 0 || list.length > MOST_VALUES) {
    throw invalidValue(`The collection ${member}.Values must have a size from 1 to ${MOST_VALUES}.`);
  }
  if (counts && counts.length !== list.length) {
    throw invalidValue(`The parameters ${member}.Values and ${member}.Counts must be of the same size.`);
  }
  const weighted = list.map(
    (one, index) => [finite(one, `${member}.Values`), finite(counts?.[index] ?? 1, `${member}.Counts`)] as const,
  );
  if (weighted.some(([, count]) => count < 0)) {
    throw invalidValue(`The parameter ${member}.Counts must not have a value less than 0.`);
  }
  return bucketOf(weighted.filter(([, count]) => count > 0));
}

function finite(value: number, member: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) {
    throw invalidValue(`The value ${value} for parameter ${member} is invalid.`);
  }
  return value;
}
