import { AwsError } from '@outbox/local-cloud-kernel';
import type { AlarmStore } from './alarms/alarm-store';
import type { CloudwatchOperations } from './alarms/put-alarm-operations';
import type { AlarmRecord } from './model';

/** Tags of alarms, by ARN. */
export function tagOperations(alarms: AlarmStore): CloudwatchOperations {
  const on = (action: string) => (input: { ResourceARN?: string | undefined }) => [
    { action: `cloudwatch:${action}`, resource: input.ResourceARN ?? '*' },
  ];
  const find = (arn: string | undefined): AlarmRecord => {
    const alarm = alarms.byArn(arn ?? '');
    if (alarm) return alarm;
    throw new AwsError('ResourceNotFoundException', `The resource ${arn ?? ''} does not exist.`, { status: 404 });
  };
  return {
    TagResource: {
      requires: on('TagResource'),
      handle: (input) => {
        const alarm = find(input.ResourceARN);
        const added = (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
        alarms.put({ ...alarm, tags: { ...alarm.tags, ...Object.fromEntries(added) } });
        return {};
      },
    },
    UntagResource: {
      requires: on('UntagResource'),
      handle: (input) => {
        const alarm = find(input.ResourceARN);
        const kept = Object.entries(alarm.tags).filter(([name]) => !input.TagKeys?.includes(name));
        alarms.put({ ...alarm, tags: Object.fromEntries(kept) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: on('ListTagsForResource'),
      handle: (input) => ({
        Tags: Object.entries(find(input.ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}
