import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { alarmOperations } from './alarm-operations';
import { dashboardOperations } from './dashboard-operations';
import type { AlarmRecord, DashboardRecord } from './model';
import { tagOperations } from './tag-operations';

/** CloudWatch as far as Terraform sets it up: alarms, dashboards, tags. Metrics are refused by name. */
export function cloudwatch(engine: Pick<Engine, 'clock' | 'store'>): Service<'cloudwatch'> {
  const alarms = engine.store.table<AlarmRecord>('cloudwatch.alarms');
  const dashboards = engine.store.table<DashboardRecord>('cloudwatch.dashboards');
  return {
    name: 'cloudwatch',
    operations: {
      ...alarmOperations(engine, alarms),
      ...tagOperations(alarms),
      ...dashboardOperations(engine, dashboards),
    },
  };
}
