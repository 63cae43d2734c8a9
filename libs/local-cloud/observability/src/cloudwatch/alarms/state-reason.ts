import type { AlarmState, MetricAlarmRecord } from '../model';
import { COMPARISONS } from './comparison';
import type { Datapoint, EvaluationRule, Verdict } from './evaluate';
import type { Watched } from './watched';

/** The reason of a state a metric alarm came to, and the data behind it, in the words CloudWatch uses. */
export function reasonOf(
  alarm: MetricAlarmRecord,
  watched: Watched,
  rule: EvaluationRule,
  verdict: Extract<Verdict, { kind: 'state' }>,
  now: number,
): AlarmState {
  return {
    state: verdict.state,
    stateReason: sentence(alarm, rule, verdict),
    stateReasonData: JSON.stringify({
      version: '1.0',
      queryDate: timestamp(now),
      ...(verdict.evaluated.length > 0 ? { startDate: timestamp(verdict.evaluated.at(-1)?.at ?? now) } : {}),
      ...(watched.metric?.unit === undefined ? {} : { unit: watched.metric.unit }),
      ...(watched.metric && { statistic: watched.metric.statistic }),
      period: watched.periodMs / 1000,
      recentDatapoints: [...verdict.evaluated].reverse().map(({ value }) => value),
      threshold: alarm.settings.Threshold ?? 0,
      evaluatedDatapoints: verdict.evaluated.map(({ at, samples, value }) => ({
        timestamp: timestamp(at),
        ...(samples === undefined ? {} : { sampleCount: samples }),
        value,
      })),
    }),
  };
}

/** `2026-01-31T12:00:00.000+0000`, as CloudWatch writes times into events and history. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

/** `Friday 31 January, 2026 12:00:00 UTC`. */
export function longDate(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(at);
  const [day, month, year] = [part({ day: '2-digit' }), part({ month: 'long' }), part({ year: 'numeric' })];
  return `${part({ weekday: 'long' })} ${day} ${month}, ${year} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}

function sentence(
  alarm: MetricAlarmRecord,
  rule: EvaluationRule,
  { state, evaluated, filled }: Extract<Verdict, { kind: 'state' }>,
): string {
  const { evaluationPeriods, datapointsToAlarm, treatMissing } = rule;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${some(evaluationPeriods, 'datapoint')} unknown.`;
  const treated =
    filled > 0 && (treatMissing === 'breaching' || treatMissing === 'notBreaching')
      ? ` and ${some(filled, 'missing datapoint')} treated as [${treatMissing === 'breaching' ? 'Breaching' : 'NonBreaching'}]`
      : '';
  if (evaluated.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${plural(evaluationPeriods, 'period')}${treated}.`;
  }
  const breached = state === 'ALARM';
  const deciding = evaluated.filter(({ breaching }) => breaching === breached);
  const shown = deciding.length > 0 ? deciding : evaluated;
  const list = `[${shown.map(({ value, at }) => `${decimal(value)} (${day(at)})`).join(', ')}]`;
  const [crossed, compared] = [shown.length, compare(alarm, shown[0]?.breaching ?? breached)];
  const were = crossed === 1 ? 'was' : 'were';
  if (alarm.settings.DatapointsToAlarm === undefined) {
    return `Threshold Crossed: ${plural(crossed, 'datapoint')} ${list} ${were} ${compared}${treated}.`;
  }
  const needed = breached ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const transition = breached ? 'OK -> ALARM' : 'ALARM -> OK';
  return (
    `Threshold Crossed: ${crossed} out of the last ${evaluationPeriods} datapoints ${list} ${were} ` +
    `${compared}${treated} (minimum ${plural(needed, 'datapoint')} for ${transition} transition).`
  );
}

function compare({ settings }: MetricAlarmRecord, breached: boolean): string {
  const words = COMPARISONS[settings.ComparisonOperator ?? '']?.words ?? '';
  return `${breached ? '' : 'not '}${words} the threshold (${decimal(settings.Threshold ?? 0)})`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function some(count: number, noun: string): string {
  return `${plural(count, noun)} ${count === 1 ? 'was' : 'were'}`;
}

/** Whole numbers too are written with a decimal. */
export function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `31/01/26 12:00:00`. */
function day(at: Datapoint['at']): string {
  const [, year = '', month = '', date = '', time = ''] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(at).toISOString()) ?? [];
  return `${date}/${month}/${year} ${time}`;
}
