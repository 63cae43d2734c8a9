import type { Engine, MetricPlace, Table } from '@outbox/local-cloud-kernel';
import type { AlarmHistoryItem } from '@aws-sdk/client-cloudwatch';
import { isComposite, type AlarmRecord, type AlarmState } from '../model';
import { HISTORY_MS } from '../limits';

/** So many items of an alarm are kept. */
const MOST_ITEMS = 200;

interface HistoryRecord extends MetricPlace {
  readonly name: string;
  readonly type: 'MetricAlarm' | 'CompositeAlarm';
  /** Epoch milliseconds, and an order among items of one millisecond. */
  readonly at: number;
  readonly item: 'StateUpdate' | 'ConfigurationUpdate' | 'Action';
  readonly summary: string;
  readonly data: string;
}

/** What happened to alarms: their making, changes of state, actions. It outlives a deleted alarm, as on AWS. */
export class AlarmHistory {
  readonly #items: Table<readonly HistoryRecord[]>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#items = engine.store.table('cloudwatch.alarm-history');
  }

  configured(alarm: AlarmRecord, what: 'created' | 'updated' | 'deleted', at: number): void {
    this.#add(alarm, at, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${what}`, {
      version: '1.0',
      type: what === 'created' ? 'Create' : what === 'updated' ? 'Update' : 'Delete',
    });
  }

  changed(alarm: AlarmRecord, next: AlarmState, at: number): void {
    this.#add(alarm, at, 'StateUpdate', `Alarm updated from ${alarm.state} to ${next.state}`, {
      version: '1.0',
      oldState: stateData(alarm),
      newState: stateData(next),
    });
  }

  acted(alarm: AlarmRecord, action: string, failure: string | undefined, at: number): void {
    const summary =
      failure === undefined
        ? `Successfully executed action ${action}`
        : `Failed to execute action ${action}. Received error: "${failure}"`;
    this.#add(alarm, at, 'Action', summary, {
      actionState: failure === undefined ? 'Succeeded' : 'Failed',
      notificationResource: action,
      ...(failure === undefined ? {} : { error: failure }),
    });
  }

  /** Oldest first. */
  of(place: MetricPlace, name: string | undefined): AlarmHistoryItem[] {
    return [...this.#items.values()]
      .flat()
      .filter((item) => item.accountId === place.accountId && item.region === place.region)
      .filter((item) => name === undefined || item.name === name)
      .sort((a, b) => a.at - b.at)
      .map((item) => ({
        AlarmName: item.name,
        AlarmType: item.type,
        Timestamp: new Date(item.at),
        HistoryItemType: item.item,
        HistorySummary: item.summary,
        HistoryData: item.data,
      }));
  }

  #add(alarm: AlarmRecord, at: number, item: HistoryRecord['item'], summary: string, data: unknown): void {
    const { accountId, region, name } = alarm;
    const key = `${accountId}/${region}/${name}`;
    const kept = (this.#items.get(key) ?? []).filter((known) => known.at > at - HISTORY_MS).slice(1 - MOST_ITEMS);
    const type = isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm';
    const added: HistoryRecord = { accountId, region, name, type, at, item, summary, data: JSON.stringify(data) };
    this.#items.set(key, [...kept, added]);
  }
}

function stateData({ state, stateReason, stateReasonData }: AlarmState) {
  return {
    stateValue: state,
    stateReason,
    ...(stateReasonData === undefined ? {} : { stateReasonData: JSON.parse(stateReasonData) as unknown }),
  };
}
