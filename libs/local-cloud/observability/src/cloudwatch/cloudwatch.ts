import type { Engine, Service } from '@outbox/local-cloud-kernel';
import type { MetricStore } from '../metrics/metric-store';
import { AlarmActions } from './alarms/alarm-actions';
import { AlarmHistory } from './alarms/alarm-history';
import { AlarmStates } from './alarms/alarm-states';
import { AlarmStore } from './alarms/alarm-store';
import { describeOperations } from './alarms/describe-operations';
import { evaluateAlarm } from './alarms/evaluator';
import { putAlarmOperations } from './alarms/put-alarm-operations';
import { switchOperations } from './alarms/switch-operations';
import { dashboardOperations } from './dashboard-operations';
import { listOperations } from './data/list-operations';
import { putMetricData } from './data/put-metric-data';
import { readOperations } from './data/read-operations';
import type { DashboardRecord } from './model';
import { tagOperations } from './tag-operations';

/** CloudWatch's service, and what evaluates its alarms. */
export interface Cloudwatch {
  readonly service: Service<'cloudwatch'>;
  /** Evaluates every alarm as of the end of a minute; `at`: when that happens. Epoch milliseconds. */
  evaluate(minute: number, at: number): void;
  /** Resolves when every change of state was told. */
  idle(): Promise<void>;
}

/** CloudWatch: metrics, alarms on them and on each other, dashboards. */
export function cloudwatch(
  engine: Pick<Engine, 'clock' | 'store' | 'calls' | 'identity' | 'log'>,
  metrics: MetricStore,
): Cloudwatch {
  const alarms = new AlarmStore(engine);
  const history = new AlarmHistory(engine);
  const actions = new AlarmActions(engine, history);
  const states = new AlarmStates(alarms, history, actions, engine);
  const parts = { alarms, history, states };
  return {
    service: {
      name: 'cloudwatch',
      operations: {
        ...putMetricData(engine, metrics),
        ...readOperations(metrics),
        ...listOperations(engine, metrics),
        ...putAlarmOperations(engine, parts),
        ...describeOperations(parts),
        ...switchOperations(parts),
        ...tagOperations(alarms),
        ...dashboardOperations(engine, engine.store.table<DashboardRecord>('cloudwatch.dashboards')),
      },
      // No hop of the stack: it is what watches it.
      faults: { isSpared: true },
    },
    evaluate(minute, at) {
      for (const alarm of alarms.all()) {
        try {
          const next = evaluateAlarm(alarm, metrics, minute);
          if (next) states.set(alarm, next, at);
        } catch (error) {
          // One alarm that can't be evaluated (kept by an earlier version, say) must not stop the others.
          engine.log('error', 'an alarm was not evaluated', { alarm: alarm.name, error: String(error) });
        }
      }
    },
    idle: () => actions.idle(),
  };
}
