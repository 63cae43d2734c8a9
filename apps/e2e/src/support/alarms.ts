import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListQueuesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { cloud } from './local-cloud';
import { aws, type Stack } from './stack';

const MINUTE = 60_000;
/** Minutes pass as fast as the local cloud evaluates alarms and runs the schedule. */
const patience = { timeoutMs: 90_000, intervalMs: 250 };

/** Lets minutes pass until every named alarm has its state. */
export async function eventuallyAlarms(wanted: Readonly<Record<string, 'OK' | 'ALARM'>>): Promise<void> {
  await eventually(async () => {
    await cloud.advance(MINUTE);
    expect(await alarmStates(Object.keys(wanted))).toEqual(wanted);
  }, patience);
}

/** Empties every dead-letter queue and lets time pass until the stack is healthy, whatever others left behind. */
export async function eventuallyHealthy(stack: Stack): Promise<void> {
  await eventually(async () => {
    await cloud.advance(MINUTE);
    await emptyDeadLetterQueues();
    expect(await alarmsThatAreOn()).toEqual([]);
    expect(await alarmStates([stack.unhealthy_alarm_name])).toEqual({ [stack.unhealthy_alarm_name]: 'OK' });
  }, patience);
}

/** State of each named alarm. */
export async function alarmStates(names: readonly string[]): Promise<Record<string, string | undefined>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return Object.fromEntries(
    [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue }) => [AlarmName, StateValue]),
  );
}

async function alarmsThatAreOn(): Promise<string[]> {
  const { MetricAlarms = [] } = await aws.cloudwatch.send(
    new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'], MaxRecords: 100 }),
  );
  return MetricAlarms.map(({ AlarmName, StateReason }) => `${AlarmName}: ${StateReason}`);
}

/** Each at most once a minute: SQS refuses more. */
async function emptyDeadLetterQueues(): Promise<void> {
  const { QueueUrls = [] } = await aws.sqs.send(new ListQueuesCommand({}));
  const deadLetterQueues = QueueUrls.filter((url) => url.endsWith('-dlq'));
  await Promise.all(deadLetterQueues.map((QueueUrl) => aws.sqs.send(new PurgeQueueCommand({ QueueUrl }))));
}
