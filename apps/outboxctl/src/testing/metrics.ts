import type { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

/** A CloudWatch that answers each figure by the values of `metric stat dimension`, the last dimension's value. */
export function metricsOf(figures: Readonly<Record<string, readonly number[]>>): () => CloudWatchClient {
  const send = ({ input }: GetMetricDataCommand) =>
    Promise.resolve({
      MetricDataResults: input.MetricDataQueries?.map(({ Id, MetricStat: { Metric, Stat } = {} }) => ({
        Id,
        Values: figures[`${Metric?.MetricName} ${Stat} ${Metric?.Dimensions?.at(-1)?.Value}`] ?? [],
      })),
    });
  return () => ({ send }) as unknown as CloudWatchClient;
}
