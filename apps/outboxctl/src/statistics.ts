import { GetMetricDataCommand, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';

/** One statistic of one metric of CloudWatch. */
export interface Figure {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum`, `Average`, `p99` … */
  readonly stat: string;
  readonly periodSeconds: number;
}

/** Times in epoch milliseconds; whole periods, so that CloudWatch splits none in two. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The whole periods that end with the one `now` lies in, as many as given. */
export function lastPeriods(now: number, periodSeconds: number, periods: number): Span {
  const period = periodSeconds * 1000;
  const to = (Math.floor(now / period) + 1) * period;
  return { from: to - periods * period, to };
}

/** A value, and when its period began (epoch milliseconds). */
interface Dated {
  readonly at: number;
  readonly value: number;
}

/** The values of each figure in the order asked, newest period first; periods that nothing was reported in are left out. */
export async function readFigures(
  cloudwatch: CloudWatchClient,
  figures: readonly Figure[],
  span: Span,
): Promise<readonly (readonly number[])[]> {
  return (await readDated(cloudwatch, figures, span)).map((values) => values.map(({ value }) => value));
}

/** A value for every period of the span, the oldest first, 0 where nothing was reported; for each figure in the order asked. */
export async function readSeries(
  cloudwatch: CloudWatchClient,
  figures: readonly Figure[],
  span: Span,
): Promise<readonly (readonly number[])[]> {
  const all = await readDated(cloudwatch, figures, span);
  return figures.map(({ periodSeconds }, index) => {
    const series = Array.from({ length: Math.round((span.to - span.from) / (periodSeconds * 1000)) }, () => 0);
    for (const { at, value } of all[index] ?? []) {
      const place = Math.floor((at - span.from) / (periodSeconds * 1000));
      if (place >= 0 && place < series.length) series[place] = value;
    }
    return series;
  });
}

async function readDated(
  cloudwatch: CloudWatchClient,
  figures: readonly Figure[],
  { from, to }: Span,
): Promise<readonly (readonly Dated[])[]> {
  if (figures.length === 0) return [];
  const values = figures.map((): Dated[] => []);
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: figures.map(query),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampDescending',
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    for (const { Id = '', Values = [], Timestamps = [] } of page.MetricDataResults ?? []) {
      const dated = Values.map((value, index) => ({ value, at: Timestamps[index]?.getTime() ?? 0 }));
      values[Number(Id.slice(1))]?.push(...dated);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return values;
}

function query({ namespace, name, dimensions, stat, periodSeconds }: Figure, index: number): MetricDataQuery {
  return {
    Id: `f${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Stat: stat,
      Period: periodSeconds,
    },
  };
}

/** Dimensions of what a function of this project measures itself, in the namespace `Outbox`. */
export function ownDimensions(app: string, functionName: string): Readonly<Record<string, string>> {
  return { service: app, function_name: functionName };
}

/** Where the functions' own metrics are. */
export const OWN_NAMESPACE = 'Outbox';
