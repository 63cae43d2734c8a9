import type { Engine, EngineModule, Metrics, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { cloudwatch } from './cloudwatch/cloudwatch';
import { logs } from './logs/logs';
import { MetricStore } from './metrics/metric-store';
import { Minutes } from './metrics/minutes';
import { collectorRoutes } from './traces/collector';

/** How many minutes of a jump of the clock are caught up with: three hours, far more than alarms here look back. */
const MOST_MINUTES = 180;
/** Metrics are put on disk every so many minutes. */
const SAVE_MINUTES = 5;

/** CloudWatch and its Logs, where every other part reports its metrics, and a collector of traces. */
export function createObservability(engine: Omit<Engine, 'metrics'>): EngineModule & { readonly metrics: Metrics } {
  const metrics = new MetricStore(engine);
  const watch = cloudwatch(engine, metrics);
  let untilSaved = SAVE_MINUTES;
  const minutes = new Minutes(engine.clock, MOST_MINUTES, (end, at) => {
    metrics.readGauges(end);
    watch.evaluate(end, at);
    untilSaved -= 1;
    if (untilSaved > 0) return;
    untilSaved = SAVE_MINUTES;
    metrics.save();
  });
  return {
    metrics,
    routes: collectorRoutes(),
    services: [logs(engine, metrics), watch.service] as Service<ServiceName>[],
    start: () => {
      minutes.start();
      return Promise.resolve();
    },
    stop: async () => {
      minutes.stop();
      await watch.idle();
      metrics.save();
    },
  };
}
