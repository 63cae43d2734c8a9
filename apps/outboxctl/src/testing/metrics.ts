import type { CloudWatchClient, GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { recordingClient } from '@outbox/testing';

/** A CloudWatch that answers each figure by the values of `metric stat dimension`, the last dimension's value. */
export function metricsOf(figures: Readonly<Record<string, readonly number[]>>): () => CloudWatchClient {
  const client = recordingClient((input) => ({
    MetricDataResults: (input as GetMetricDataInput).MetricDataQueries?.map(({ Id, MetricStat }) => ({
      Id,
      Values:
        figures[
          `${MetricStat?.Metric?.MetricName} ${MetricStat?.Stat} ${MetricStat?.Metric?.Dimensions?.at(-1)?.Value}`
        ] ?? [],
    })),
  }));
  return () => client as unknown as CloudWatchClient;
}
