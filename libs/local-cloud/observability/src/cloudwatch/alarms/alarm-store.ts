import type { Engine, MetricPlace, Table } from '@outbox/local-cloud-kernel';
import { alarmsOf } from '../composite/rule';
import { alarmArn, isComposite, type AlarmRecord, type CompositeAlarmRecord } from '../model';

/** Alarms of every account and region; metric and composite alarms share their names. */
export class AlarmStore {
  readonly #alarms: Table<AlarmRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#alarms = engine.store.table('cloudwatch.alarms');
  }

  find(place: MetricPlace, name: string): AlarmRecord | undefined {
    return this.#alarms.get(keyOf(place, name));
  }

  /** By name or ARN. */
  findReferenced(place: MetricPlace, reference: string): AlarmRecord | undefined {
    return this.find(place, nameOf(reference));
  }

  byArn(arn: string): AlarmRecord | undefined {
    for (const alarm of this.#alarms.values()) if (alarmArn(alarm, alarm.name) === arn) return alarm;
    return undefined;
  }

  put(alarm: AlarmRecord): void {
    this.#alarms.set(keyOf(alarm, alarm.name), alarm);
  }

  delete(alarm: AlarmRecord): void {
    this.#alarms.delete(keyOf(alarm, alarm.name));
  }

  /** In order of their names. */
  of(place: MetricPlace): AlarmRecord[] {
    return [...this.#alarms.values()]
      .filter((alarm) => alarm.accountId === place.accountId && alarm.region === place.region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): AlarmRecord[] {
    return [...this.#alarms.values()];
  }

  /** The composite alarms whose rule names the alarm. */
  dependents(place: MetricPlace, name: string): CompositeAlarmRecord[] {
    return this.of(place)
      .filter(isComposite)
      .filter(({ rule }) => alarmsOf(rule).some((reference) => nameOf(reference) === name));
  }
}

/** The name in a reference, which may be an ARN. */
export function nameOf(reference: string): string {
  return reference.replace(/^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:/, '');
}

function keyOf(place: MetricPlace, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}
