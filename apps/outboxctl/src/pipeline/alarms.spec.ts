import type { CloudWatchClient, DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { stackOf } from '../testing/stack';
import { loadAlarms } from './alarms';

/** A CloudWatch that has these alarms. */
function cloudwatch(alarms: readonly { AlarmName: string; StateValue: string; AlarmDescription?: string }[]) {
  const asked: DescribeAlarmsCommandInput[] = [];
  const send = ({ input }: { readonly input: DescribeAlarmsCommandInput }) => {
    asked.push(input);
    const named = alarms.filter(({ AlarmName }) => input.AlarmNames?.includes(AlarmName));
    return Promise.resolve({ MetricAlarms: named, CompositeAlarms: [] });
  };
  return { asked, client: { send } as unknown as CloudWatchClient };
}

describe('the alarms of a stack', () => {
  it('come by what they say, with where it is told what to do', async () => {
    const { client } = cloudwatch([
      { AlarmName: 'quiet', StateValue: 'OK', AlarmDescription: 'All is well.' },
      { AlarmName: 'rings', StateValue: 'ALARM', AlarmDescription: 'It failed. What to do: https://x.example/a#b' },
      { AlarmName: 'unhealthy', StateValue: 'ALARM', AlarmDescription: 'A person. What to do: docs/alarms.md' },
      { AlarmName: 'foreign', StateValue: 'ALARM' },
    ]);
    const stack = stackOf({ unhealthy_alarm_name: 'unhealthy', alarm_names: { a: 'quiet', b: 'rings' } });
    expect(await loadAlarms(client, stack)).toEqual([
      { name: 'unhealthy', state: 'ALARM', reason: '', description: 'A person.', runbook: 'docs/alarms.md' },
      { name: 'rings', state: 'ALARM', reason: '', description: 'It failed.', runbook: 'https://x.example/a#b' },
      { name: 'quiet', state: 'OK', reason: '', description: 'All is well.' },
    ]);
  });

  it('are asked for a hundred at a time, and not at all where there are none', async () => {
    const { asked, client } = cloudwatch([]);
    await loadAlarms(client, stackOf());
    expect(asked).toEqual([]);
    const alarm_names = Object.fromEntries(Array.from({ length: 230 }, (_, index) => [`a${index}`, `alarm-${index}`]));
    await loadAlarms(client, stackOf({ alarm_names }));
    expect(asked.map(({ AlarmNames = [] }) => AlarmNames.length)).toEqual([100, 100, 30]);
  });
});
