import { AwsError, type Table } from '@outbox/local-cloud-kernel';
import { alarmArn, type CloudwatchOperations } from './alarm-operations';
import type { AlarmRecord } from './model';

/** Tags of alarms, by ARN. */
export function tagOperations(alarms: Table<AlarmRecord>): CloudwatchOperations {
  const on = (action: string) => (input: { ResourceARN?: string | undefined }) => [
    { action: `cloudwatch:${action}`, resource: input.ResourceARN ?? '*' },
  ];
  const find = (arn: string | undefined): readonly [string, AlarmRecord] => {
    for (const [key, alarm] of alarms.entries()) if (alarmArn(alarm, alarm.name) === arn) return [key, alarm];
    throw new AwsError('ResourceNotFoundException', `The resource ${arn ?? ''} does not exist.`, { status: 404 });
  };
  return {
    TagResource: {
      requires: on('TagResource'),
      handle: (input) => {
        const [key, alarm] = find(input.ResourceARN);
        const added = (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
        alarms.set(key, { ...alarm, tags: { ...alarm.tags, ...Object.fromEntries(added) } });
        return {};
      },
    },
    UntagResource: {
      requires: on('UntagResource'),
      handle: (input) => {
        const [key, alarm] = find(input.ResourceARN);
        const kept = Object.entries(alarm.tags).filter(([name]) => !input.TagKeys?.includes(name));
        alarms.set(key, { ...alarm, tags: Object.fromEntries(kept) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: on('ListTagsForResource'),
      handle: (input) => ({
        Tags: Object.entries(find(input.ResourceARN)[1].tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}
