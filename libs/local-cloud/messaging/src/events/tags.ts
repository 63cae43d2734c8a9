import type { Tag } from '@aws-sdk/client-eventbridge';
import type { Service } from '@outbox/local-cloud-kernel';
import { resourceNotFound } from './errors';
import type { EventStore } from './event-store';

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

/** Tags of buses and rules. */
export function tagOperations(store: EventStore): Service<'events'>['operations'] {
  const tagsOf = (arn: string): Readonly<Record<string, string>> => {
    const tagged = store.buses.get(arn) ?? store.rules.get(arn);
    if (!tagged) throw resourceNotFound(`Resource ${arn} does not exist.`);
    return tagged.tags;
  };
  const setTags = (arn: string, tags: Readonly<Record<string, string>>): void => {
    const bus = store.buses.get(arn);
    const rule = store.rules.get(arn);
    if (bus) store.buses.set(arn, { ...bus, tags });
    if (rule) store.rules.set(arn, { ...rule, tags });
  };

  return {
    ListTagsForResource: {
      requires: (input) => [{ action: 'events:ListTagsForResource', resource: input.ResourceARN ?? '' }],
      handle: (input) => ({
        Tags: Object.entries(tagsOf(input.ResourceARN ?? '')).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    TagResource: {
      requires: (input) => [{ action: 'events:TagResource', resource: input.ResourceARN ?? '' }],
      handle: (input) => {
        const arn = input.ResourceARN ?? '';
        setTags(arn, { ...tagsOf(arn), ...tagRecord(input.Tags) });
        return {};
      },
    },
    UntagResource: {
      requires: (input) => [{ action: 'events:UntagResource', resource: input.ResourceARN ?? '' }],
      handle: (input) => {
        const arn = input.ResourceARN ?? '';
        const gone = new Set(input.TagKeys);
        setTags(arn, Object.fromEntries(Object.entries(tagsOf(arn)).filter(([key]) => !gone.has(key))));
        return {};
      },
    },
  };
}
