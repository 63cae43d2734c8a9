import { join } from 'node:path';
import type { Engine, Service } from '@outbox/local-cloud-kernel';
import type { MetricStore } from '../metrics/metric-store';
import { EventFiles } from './event-files';
import { eventOperations } from './event-operations';
import { groupOperations } from './group-operations';
import { GroupKeys } from './group-keys';
import { keyOperations } from './key-operations';
import { LogMetrics } from './log-metrics';
import { LogStore } from './log-store';
import { MetricFilters } from './metric-filters';
import { ResourcePolicies } from './resource-policies';
import { streamOperations } from './stream-operations';
import { tagOperations } from './tag-operations';
import { testMetricFilter } from './test-metric-filter';

/** CloudWatch Logs; events are kept in files under the engine's directory, metrics they carry in `metrics`. */
export function logs(
  engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'store' | 'directory' | 'identity' | 'log'>,
  metrics: MetricStore,
): Service<'logs'> {
  const store = new LogStore(engine);
  const files = new EventFiles(join(engine.directory, 'logs'));
  const keys = new GroupKeys(engine);
  const policies = new ResourcePolicies(engine);
  const filters = new MetricFilters(engine, store);
  return {
    name: 'logs',
    operations: {
      ...groupOperations(engine, store, files, keys, filters),
      ...keyOperations(store, keys),
      ...tagOperations(store),
      ...streamOperations(engine, store, files, policies),
      ...eventOperations(engine, store, files, policies, new LogMetrics(engine, metrics, filters)),
      ...filters.operations(),
      ...testMetricFilter,
      ...policies.operations(),
    },
    // No hop of the stack: how AWS itself writes down what a function printed.
    faults: { isSpared: true },
  };
}
