import type { MetricTransformation, PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, refuseOptions, type Engine, type Table } from '@outbox/local-cloud-kernel';
import { parseJson } from '@outbox/local-cloud-pattern';
import { checkCount, checkText } from './constraints';
import { invalidParameter } from './errors';
import { onGroup, type LogsOperations } from './group-operations';
import type { LogStore } from './log-store';
import { streamArn, type LogGroupRecord, type Place } from './model';
import { page } from './page';
import { parseFilterPattern, type Matcher } from './pattern/filter-pattern';
import { pathOf } from './pattern/json-pattern';
import { read } from './pattern/path';
import { MOST_FILTERS, MOST_FILTER_DIMENSIONS } from './limits';

/** Sources: CloudWatch Logs API reference, PutMetricFilter and MetricTransformation. */
const FILTER_NAME = { most: 512, pattern: '[^:*]*' };
const METRIC_NAME = { least: 0, most: 255, pattern: '[^:*$]*' };

interface FilterRecord extends Place {
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly transformation: MetricTransformation;
  readonly createdAt: number;
}

/** A value a filter found in an event, or its default. */
export interface FilteredValue {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Metric filters of log groups: metrics out of what is logged. */
export class MetricFilters {
  readonly #filters: Table<FilterRecord>;
  readonly #matchers = new Map<string, Matcher>();

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'store'>,
    private readonly store: LogStore,
  ) {
    this.#filters = engine.store.table('logs.metric-filters');
  }

  count(group: LogGroupRecord): number {
    return this.#of(group).filter((filter) => filter.group === group.name).length;
  }

  forget(group: LogGroupRecord): void {
    for (const filter of this.#of(group)) if (filter.group === group.name) this.#filters.delete(keyOf(filter));
  }

  /**
   * What the filters of a group make of a batch of events. A filter's default is reported where events came and none matched
   * (CloudWatch Logs user guide, "Creating metrics from log events using filters").
   */
  valuesOf(
    group: LogGroupRecord,
    events: readonly { readonly timestamp?: number | undefined; readonly message?: string | undefined }[],
  ): FilteredValue[] {
    return this.#of(group)
      .filter((filter) => filter.group === group.name)
      .flatMap(({ pattern, transformation }) => {
        const matches = this.#matcher(pattern);
        const matching = events.filter(({ message = '' }) => matches(message));
        const found = matching.flatMap(({ message = '', timestamp = 0 }) =>
          valueOf(transformation, message, timestamp),
        );
        const { defaultValue } = transformation;
        const at = events.at(-1)?.timestamp;
        if (matching.length > 0 || defaultValue === undefined || at === undefined) return found;
        return [valueAt(transformation, defaultValue, at, {})];
      });
  }

  operations(): LogsOperations {
    return {
      PutMetricFilter: {
        requires: onGroup('PutMetricFilter'),
        handle: (input, context) => {
          const transformation = this.#checked(input);
          const group = this.store.group(context, input.logGroupName);
          const filter: FilterRecord = {
            accountId: context.accountId,
            region: context.region,
            group: group.name,
            name: input.filterName ?? '',
            pattern: input.filterPattern ?? '',
            transformation,
            createdAt: this.engine.clock.now(),
          };
          const key = keyOf(filter);
          if (!this.#filters.has(key) && this.count(group) >= MOST_FILTERS) {
            throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
          }
          this.#filters.set(key, filter);
          return {};
        },
      },
      DescribeMetricFilters: {
        requires: (input, context) => [
          { action: 'logs:DescribeMetricFilters', resource: streamArn(context, input.logGroupName ?? '') },
        ],
        handle: (input, context) => {
          checkText(input.filterNamePrefix, 'filterNamePrefix', FILTER_NAME);
          checkText(input.metricName, 'metricName', METRIC_NAME);
          checkText(input.metricNamespace, 'metricNamespace', METRIC_NAME);
          const { logGroupName: group, metricName: name, metricNamespace: namespace } = input;
          if (group !== undefined) this.store.group(context, group);
          const found = this.#of(context)
            .filter((one) => group === undefined || one.group === group)
            .filter((one) => one.name.startsWith(input.filterNamePrefix ?? ''))
            .filter(({ transformation }) => name === undefined || transformation.metricName === name)
            .filter(({ transformation }) => namespace === undefined || transformation.metricNamespace === namespace);
          const { items, nextToken } = page(found, input, 50);
          return { metricFilters: items.map(describe), nextToken };
        },
      },
      DeleteMetricFilter: {
        requires: onGroup('DeleteMetricFilter'),
        handle: (input, context) => {
          checkText(input.filterName, 'filterName', FILTER_NAME);
          const group = this.store.group(context, input.logGroupName);
          const key = keyOf({ ...group, group: group.name, name: input.filterName ?? '' });
          if (!this.#filters.delete(key)) {
            throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
          }
          return {};
        },
      },
    };
  }

  #checked(input: PutMetricFilterCommandInput): MetricTransformation {
    const options = ['applyOnTransformedLogs', 'emitSystemFieldDimensions', 'fieldSelectionCriteria'];
    refuseOptions('logs', 'PutMetricFilter', input, ...options);
    checkText(input.filterName, 'filterName', FILTER_NAME);
    checkText(input.filterPattern, 'filterPattern', { least: 0, most: 1024 });
    checkCount(input.metricTransformations, 'metricTransformations', 1, 1);
    this.#matcher(input.filterPattern ?? '');
    const [transformation] = input.metricTransformations ?? [];
    const { metricName, metricNamespace, metricValue, defaultValue, dimensions = {} } = transformation ?? {};
    checkText(metricName, 'metricTransformations.1.member.metricName', METRIC_NAME);
    checkText(metricNamespace, 'metricTransformations.1.member.metricNamespace', METRIC_NAME);
    checkText(metricValue, 'metricTransformations.1.member.metricValue', { least: 0, most: 100 });
    checkCount(Object.keys(dimensions), 'metricTransformations.1.member.dimensions', 0, MOST_FILTER_DIMENSIONS);
    if (defaultValue !== undefined && Object.keys(dimensions).length > 0) {
      throw invalidParameter(
        'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
      );
    }
    if (!transformation || (!isSelector(metricValue ?? '') && !isNumber(metricValue ?? ''))) {
      throw invalidParameter(`Invalid metric transformation: ${metricValue ?? ''} is not a valid metric value.`);
    }
    return JSON.parse(JSON.stringify(transformation)) as MetricTransformation;
  }

  #of(place: Place): FilterRecord[] {
    return [...this.#filters.values()]
      .filter(({ accountId, region }) => accountId === place.accountId && region === place.region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #matcher(pattern: string): Matcher {
    const known = this.#matchers.get(pattern) ?? parseFilterPattern(pattern);
    this.#matchers.set(pattern, known);
    return known;
  }
}

function describe({ name, pattern, group, transformation, createdAt }: FilterRecord) {
  return {
    filterName: name,
    filterPattern: pattern,
    logGroupName: group,
    metricTransformations: [transformation],
    creationTime: createdAt,
    applyOnTransformedLogs: false,
  };
}

/** A matching event's value: a number, or what a selector finds in it; nothing where that is no number. */
function valueOf(transformation: MetricTransformation, message: string, at: number): FilteredValue[] {
  const { metricValue = '', dimensions = {} } = transformation;
  const event = parseJson(message);
  const found = isSelector(metricValue) ? read(event, pathOf(metricValue)) : metricValue;
  const value = Number(found);
  if (found === null || typeof found === 'object' || found === '' || !Number.isFinite(value)) return [];
  const named = Object.entries(dimensions).map(([name, selector]) => [name, read(event, pathOf(selector))] as const);
  // An event without one of the dimensions reports nothing (API reference, MetricTransformation, dimensions).
  if (named.some(([, one]) => one === undefined || one === null || typeof one === 'object')) return [];
  return [valueAt(transformation, value, at, Object.fromEntries(named.map(([name, one]) => [name, String(one)])))];
}

function valueAt(
  { metricNamespace = '', metricName = '', unit }: MetricTransformation,
  value: number,
  at: number,
  dimensions: Readonly<Record<string, string>>,
): FilteredValue {
  return { namespace: metricNamespace, name: metricName, unit: unit ?? 'None', dimensions, value, at };
}

function isSelector(text: string): boolean {
  return text.startsWith('$.');
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

function keyOf({
  accountId,
  region,
  group,
  name,
}: Pick<FilterRecord, 'accountId' | 'region' | 'group' | 'name'>): string {
  return `${accountId}/${region}/${group}:${name}`;
}
