import type { Engine } from '@outbox/local-cloud-kernel';
import { alarmsOf, holds, parseRule } from '../composite/rule';
import { alarmArn, type AlarmRecord, type AlarmState, type CompositeAlarmRecord, type StateValue } from '../model';
import type { AlarmActions } from './alarm-actions';
import type { AlarmHistory } from './alarm-history';
import type { AlarmStore } from './alarm-store';
import { longDate } from './state-reason';
import { triggers } from './triggering-alarms';

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

  /** Brings a composite alarm to the state its rule says, which was just set. */
  ruled(alarm: CompositeAlarmRecord, what: 'created' | 'updated'): void {
    this.#evaluate(alarm, what, this.engine.clock.now(), new Set());
  }

  #set(alarm: AlarmRecord, next: AlarmState, at: number, changing: ReadonlySet<string>): void {
    const stateTransitionedAt = next.state === alarm.state ? (alarm.stateTransitionedAt ?? alarm.stateUpdatedAt) : at;
    const set = { stateReasonData: next.stateReasonData, stateUpdatedAt: at, stateTransitionedAt };
    this.alarms.put({ ...alarm, ...next, ...set });
    if (next.state === alarm.state) return;
    this.history.changed(alarm, next, at);
    this.actions.tell({ alarm, next, at });
    // Rules may refer to each other in a circle; each alarm changes once.
    const path = new Set([...changing, alarm.name]);
    for (const dependent of this.alarms.dependents(alarm, alarm.name)) {
      if (!path.has(dependent.name)) this.#evaluate(dependent, { ...alarm, ...next }, at, path);
    }
  }

  #evaluate(
    alarm: CompositeAlarmRecord,
    cause: AlarmRecord | 'created' | 'updated',
    at: number,
    path: ReadonlySet<string>,
  ): void {
    const stateOf = (reference: string) => this.alarms.findReferenced(alarm, reference)?.state;
    const state = holds(parseRule(alarm.rule), stateOf) ? 'ALARM' : 'OK';
    if (state === alarm.state) return;
    const named = alarmsOf(alarm.rule).flatMap((reference) => this.alarms.findReferenced(alarm, reference) ?? []);
    this.#set(alarm, { state, ...reason(alarm, state, cause, named, at) }, at, path);
  }
}

/** In the words CloudWatch uses: what changed the state, and the alarms behind it. */
function reason(
  alarm: CompositeAlarmRecord,
  state: StateValue,
  cause: AlarmRecord | 'created' | 'updated',
  named: readonly AlarmRecord[],
  at: number,
): Omit<AlarmState, 'state'> {
  if (typeof cause === 'object') {
    return {
      stateReason: `${alarmArn(cause, cause.name)} transitioned to ${cause.state} at ${longDate(at)}`,
      stateReasonData: triggers([{ ...cause, stateUpdatedAt: at }]),
    };
  }
  const rule = cause === 'created' ? 'alarm rule' : 'new alarm rule';
  return {
    stateReason: `${alarmArn(alarm, alarm.name)} was ${cause} and its ${rule} evaluates to ${state}`,
    stateReasonData: triggers(named),
  };
}
