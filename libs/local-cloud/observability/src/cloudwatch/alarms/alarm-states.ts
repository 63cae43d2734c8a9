import type { Engine } from '@outbox/local-cloud-kernel';
import { holds, parseRule } from '../composite/rule';
import { alarmArn, type AlarmRecord, type AlarmState, type CompositeAlarmRecord } from '../model';
import type { AlarmActions } from './alarm-actions';
import type { AlarmHistory } from './alarm-history';
import type { AlarmStore } from './alarm-store';
import { timestamp } from './state-reason';

/** Puts alarms into states: kept, written to their history, told; composite alarms follow those they name. */
export class AlarmStates {
  constructor(
    private readonly alarms: AlarmStore,
    private readonly history: AlarmHistory,
    private readonly actions: AlarmActions,
    private readonly engine: Pick<Engine, 'clock'>,
  ) {}

  /** `at`: when it happens, in epoch milliseconds; now unless told. */
  set(alarm: AlarmRecord, next: AlarmState, at = this.engine.clock.now()): void {
    this.#set(alarm, next, at, new Set());
  }

  /** Brings a composite alarm to the state its rule says now. */
  evaluate(alarm: CompositeAlarmRecord, at = this.engine.clock.now()): void {
    this.#evaluate(alarm, undefined, at, new Set());
  }

  #set(alarm: AlarmRecord, next: AlarmState, at: number, changing: ReadonlySet<string>): void {
    this.alarms.put({ ...alarm, ...next, stateReasonData: next.stateReasonData, stateUpdatedAt: at });
    if (next.state === alarm.state) return;
    this.history.changed(alarm, next, at);
    this.actions.tell({ alarm, next, at });
    // Rules may refer to each other in a circle; each alarm changes once.
    const path = new Set([...changing, alarm.name]);
    for (const dependent of this.alarms.dependents(alarm, alarm.name)) {
      if (!path.has(dependent.name)) this.#evaluate(dependent, { ...alarm, ...next }, at, path);
    }
  }

  #evaluate(alarm: CompositeAlarmRecord, cause: AlarmRecord | undefined, at: number, path: ReadonlySet<string>): void {
    const stateOf = (reference: string) => this.alarms.findReferenced(alarm, reference)?.state;
    const state = holds(parseRule(alarm.rule), stateOf) ? 'ALARM' : 'OK';
    if (state === alarm.state) return;
    this.#set(alarm, { state, ...reason(alarm, cause, at) }, at, path);
  }
}

function reason(alarm: CompositeAlarmRecord, cause: AlarmRecord | undefined, at: number) {
  if (!cause) return { stateReason: `${alarm.name} was evaluated as its rule was set`, stateReasonData: undefined };
  const arn = alarmArn(cause, cause.name);
  return {
    stateReason: `${arn} transitioned to ${cause.state} at ${longDate(at)}`,
    stateReasonData: JSON.stringify({
      triggeringAlarms: [{ arn, state: { value: cause.state, timestamp: timestamp(at) } }],
    }),
  };
}

/** `Friday 31 January, 2026 12:00:00 UTC`. */
function longDate(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(at);
  const [day, month, year] = [part({ day: '2-digit' }), part({ month: 'long' }), part({ year: 'numeric' })];
  return `${part({ weekday: 'long' })} ${day} ${month}, ${year} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}
