import { EngineClock, type Service, type ServiceName, type StateStore } from '@outbox/local-cloud-kernel';
import { specEngine } from '@outbox/local-cloud-testing';
import { createObservability } from '../create-observability';

/** For specs: observability alone, its clock standing still until advanced; whoever calls may do everything. */
export function specCloud(store: StateStore, directory: string, services: readonly Service<ServiceName>[] = []) {
  const clock = new EngineClock(0, () => Date.UTC(2026, 0, 1, 0, 0, 10));
  const cloud = specEngine(createObservability, { store, directory, services, clock });
  return { ...cloud, metrics: cloud.module.metrics };
}
