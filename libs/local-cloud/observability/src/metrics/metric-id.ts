import type { MetricPlace } from '@outbox/local-cloud-kernel';

/** What names a metric: another set of dimensions is another metric. Source: CloudWatch user guide, "Dimensions". */
export interface MetricId extends MetricPlace {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One text per metric, whatever order its dimensions are given in. */
export function metricKey({ accountId, region, namespace, name, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([accountId, region, namespace, name, sorted]);
}

/** The metric behind its key. */
export function metricOfKey(key: string): MetricId {
  const [accountId, region, namespace, name, dimensions] = JSON.parse(key) as [
    string,
    string,
    string,
    string,
    [string, string][],
  ];
  return { accountId, region, namespace, name, dimensions: Object.fromEntries(dimensions) };
}

/** Dimensions as AWS's API has them. */
export function dimensionList(id: Pick<MetricId, 'dimensions'>): { Name: string; Value: string }[] {
  return Object.entries(id.dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** Dimensions off AWS's API. */
export function dimensionRecord(
  list: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}
