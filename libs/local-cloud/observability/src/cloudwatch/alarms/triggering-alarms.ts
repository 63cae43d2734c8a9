import { alarmArn, type AlarmRecord, type AlarmState } from '../model';
import { timestamp } from './state-reason';

/** An alarm that a composite one follows, as it was then. */
export interface TriggeringAlarm {
  readonly arn: string;
  /** `timestamp` as CloudWatch writes times. */
  readonly state: { readonly value: string; readonly timestamp: string };
}

/** The reason data of a composite alarm: the alarms behind its state. */
export function triggers(alarms: readonly AlarmRecord[]): string {
  const triggeringAlarms: TriggeringAlarm[] = alarms.map((alarm) => ({
    arn: alarmArn(alarm, alarm.name),
    state: { value: alarm.state, timestamp: timestamp(alarm.stateUpdatedAt) },
  }));
  return JSON.stringify({ triggeringAlarms });
}

/** The alarms behind a state; none where it was set by hand, with whatever data. */
export function triggeringAlarms({ stateReasonData = '{}' }: AlarmState): readonly TriggeringAlarm[] {
  const data = JSON.parse(stateReasonData) as unknown;
  const listed = typeof data === 'object' && data !== null && 'triggeringAlarms' in data ? data.triggeringAlarms : [];
  return Array.isArray(listed) ? listed.filter(isTriggeringAlarm) : [];
}

function isTriggeringAlarm(one: unknown): one is TriggeringAlarm {
  const { arn, state } = (one ?? {}) as { readonly arn?: unknown; readonly state?: Partial<TriggeringAlarm['state']> };
  return (
    typeof arn === 'string' && typeof state?.value === 'string' && !Number.isNaN(Date.parse(String(state.timestamp)))
  );
}
