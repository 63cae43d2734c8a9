import { AwsError, withoutTags, type RequestContext } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';
import type { LogsOperations } from './group-operations';
import type { LogStore } from './log-store';
import { groupArn, type LogGroupRecord } from './model';

/** Tags of log groups, by ARN (with or without a trailing `:*`). */
export function tagOperations(store: LogStore): LogsOperations {
  const on = (action: string) => (input: { resourceArn?: string | undefined }) => [
    { action: `logs:${action}`, resource: input.resourceArn ?? '*' },
  ];
  const groupOf = (resourceArn: string | undefined, context: RequestContext): LogGroupRecord => {
    const arn = resourceArn ?? '';
    if (!/^arn:[^:]+:logs:/.test(arn)) throw invalidParameter(`Invalid resource ARN: ${arn}`);
    const name = /:log-group:([^:]+)(:\*)?$/.exec(arn)?.[1];
    if (name === undefined || !arn.startsWith(groupArn(context, name))) {
      throw new AwsError('ResourceNotFoundException', 'The specified resource does not exist.');
    }
    return store.group(context, name);
  };
  return {
    TagResource: {
      requires: on('TagResource'),
      handle: (input, context) => {
        const group = groupOf(input.resourceArn, context);
        store.putGroup({ ...group, tags: { ...group.tags, ...input.tags } });
        return {};
      },
    },
    UntagResource: {
      requires: on('UntagResource'),
      handle: (input, context) => {
        const group = groupOf(input.resourceArn, context);
        store.putGroup({ ...group, tags: withoutTags(group.tags, input.tagKeys) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: on('ListTagsForResource'),
      handle: (input, context) => ({ tags: { ...groupOf(input.resourceArn, context).tags } }),
    },
  };
}
