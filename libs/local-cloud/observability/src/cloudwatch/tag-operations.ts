import { AwsError, tagList, tagRecord, withoutTags } from '@outbox/local-cloud-kernel';
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
        alarms.put({ ...alarm, tags: { ...alarm.tags, ...tagRecord(input.Tags) } });
        return {};
      },
    },
    UntagResource: {
      requires: on('UntagResource'),
      handle: (input) => {
        const alarm = find(input.ResourceARN);
        alarms.put({ ...alarm, tags: withoutTags(alarm.tags, input.TagKeys) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: on('ListTagsForResource'),
      handle: (input) => ({ Tags: tagList(find(input.ResourceARN).tags) }),
    },
  };
}
