import type { Engine, EngineModule, Metrics, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { cloudwatch } from './cloudwatch/cloudwatch';
import { logs } from './logs/logs';
import { MetricStore } from './metrics/metric-store';

/** CloudWatch and its Logs, and where every other part reports its metrics. */
export function createObservability(engine: Omit<Engine, 'metrics'>): EngineModule & { readonly metrics: Metrics } {
  const metrics = new MetricStore(engine);
  return {
    metrics,
    services: [logs(engine), cloudwatch(engine)] as Service<ServiceName>[],
  };
}
