import type { Engine, EngineModule, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { schedulerOperations } from './schedule-operations';
import { ScheduleKeys } from './schedule-keys';
import { ScheduleRunner } from './schedule-runner';
import { ScheduleStore } from './schedule-store';

/** EventBridge Scheduler: schedules that invoke functions, queues and event buses. */
export function createScheduler(engine: Engine): EngineModule {
  const keys = new ScheduleKeys(engine);
  const store = new ScheduleStore(engine);
  const runner = new ScheduleRunner(engine, store, keys);
  const service: Service<'scheduler'> = {
    name: 'scheduler',
    operations: schedulerOperations(engine, store, keys, (key, schedule) => runner.follow(key, schedule)),
  };
  return {
    services: [service as Service<ServiceName>],
    start: () => Promise.resolve(runner.start()),
    stop: () => runner.stop(),
  };
}
