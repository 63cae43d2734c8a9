import { DescribeAlarmsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { AlarmView } from '@outbox/console-api';
import type { Stack } from '../stack';

/** Names of one DescribeAlarms (CloudWatch API reference). */
const MAX_NAMES = 100;
const RANK: readonly AlarmView['state'][] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

/** The alarms that a stack's outputs name, those that ring first; none when it names none. */
export async function loadAlarms(cloudwatch: CloudWatchClient, stack: Stack): Promise<readonly AlarmView[]> {
  const composites = [stack.unhealthy_alarm_name, stack.objective_alarm_name];
  const names = [...composites, ...Object.values(stack.alarm_names ?? {})].filter((name) => name !== undefined);
  const views: AlarmView[] = [];
  for (let first = 0; first < names.length; first += MAX_NAMES) {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(first, first + MAX_NAMES),
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: MAX_NAMES,
      }),
    );
    for (const alarm of [...CompositeAlarms, ...MetricAlarms]) {
      const { text, runbook } = splitDescription(alarm.AlarmDescription ?? '');
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      views.push({
        name: alarm.AlarmName ?? '',
        state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
        reason: alarm.StateReason ?? '',
        ...(since === undefined ? {} : { since: since.toISOString() }),
        description: text,
        ...(runbook === undefined ? {} : { runbook }),
      });
    }
  }
  const isComposite = (view: AlarmView): boolean => composites.includes(view.name);
  return views.sort(
    (a, b) =>
      RANK.indexOf(a.state) - RANK.indexOf(b.state) ||
      Number(isComposite(b)) - Number(isComposite(a)) ||
      a.name.localeCompare(b.name),
  );
}

/** An alarm's description ends with where it is said what to do. */
function splitDescription(description: string): { readonly text: string; readonly runbook?: string } {
  const [, text = '', runbook] = /^(.*?) ?What to do: (\S+)$/s.exec(description) ?? [undefined, description];
  return runbook === undefined ? { text } : { text, runbook };
}
