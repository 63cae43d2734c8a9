import type { Engine, MetricUnit } from '@outbox/local-cloud-kernel';
import type { ApiRecord, StageRecord } from '../model';

/** One request, as API Gateway reports it. */
export interface MeasuredRequest {
  readonly status: number;
  /** Milliseconds from the request to its answer, and those of them the integration took. */
  readonly latencyMs: number;
  readonly integrationLatencyMs: number | undefined;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  /** Undefined when no route matched. */
  readonly routeKey: string | undefined;
}

/**
 * Records the metrics of HTTP APIs: by API, by API and stage, and by route where the stage asks for detailed metrics.
 * Source: API Gateway developer guide, "Working with CloudWatch metrics for HTTP APIs".
 */
export function recordRequest(
  { metrics }: Pick<Engine, 'metrics'>,
  { accountId, region, apiId: ApiId }: ApiRecord,
  stage: StageRecord,
  request: MeasuredRequest,
): void {
  const record = (dimensions: Record<string, string>, name: string, value: number, unit: MetricUnit): void =>
    metrics.record({ accountId, region, namespace: 'AWS/ApiGateway', name, dimensions, value, unit });
  const { status, latencyMs, integrationLatencyMs, bytes } = request;
  for (const dimensions of [{ ApiId }, { ApiId, Stage: stage.name }, ...detailed(ApiId, stage, request.routeKey)]) {
    record(dimensions, 'Count', 1, 'Count');
    // One of each for every request, so that the average is the rate of errors.
    record(dimensions, '4xx', status >= 400 && status < 500 ? 1 : 0, 'Count');
    record(dimensions, '5xx', status >= 500 ? 1 : 0, 'Count');
    record(dimensions, 'Latency', latencyMs, 'Milliseconds');
    if (integrationLatencyMs !== undefined) {
      record(dimensions, 'IntegrationLatency', integrationLatencyMs, 'Milliseconds');
    }
    record(dimensions, 'DataProcessed', bytes, 'Bytes');
  }
}

function detailed(ApiId: string, stage: StageRecord, routeKey: string | undefined): Record<string, string>[] {
  if (routeKey === undefined) return [];
  const { detailedMetrics } = stage.routeSettings[routeKey] ?? stage.defaultRouteSettings;
  if (!detailedMetrics) return [];
  const [Method = '', Resource = ''] = routeKey.split(' ');
  return [{ ApiId, Stage: stage.name, Method, Resource }];
}
