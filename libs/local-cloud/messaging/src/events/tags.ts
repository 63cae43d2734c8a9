import {
  parseArn,
  tagList,
  withoutTags,
  withTags,
  type RequestContext,
  type Service,
  type TagRules,
  type Tags,
} from '@outbox/local-cloud-kernel';
import { resourceNotFound, validation } from './errors';
import type { EventStore, StoredBus, StoredRule } from './event-store';
import { busAddress, DEFAULT_BUS } from './names';

/** What EventBridge says of tags that neither bus nor rule can have (EventBridge API reference, TagResource). */
export const TAG_RULES: TagRules = {
  reserved: (key) => validation(`Tag key ${key} must not start with "aws:": AWS keeps such keys.`),
  tooMany: (most) => validation(`A resource has at most ${most} tags.`),
};

/** Tags of buses and rules. */
export function tagOperations(store: EventStore): Service<'events'>['operations'] {
  const setTags = (tagged: StoredBus | StoredRule, tags: Tags): void => {
    if ('bus' in tagged) store.rules.set(tagged.arn, { ...tagged, tags });
    else store.buses.set(tagged.arn, { ...tagged, tags });
  };

  return {
    ListTagsForResource: {
      requires: (input) => [{ action: 'events:ListTagsForResource', resource: input.ResourceARN ?? '' }],
      handle: (input, context) => ({
        Tags: tagList(find(store, input.ResourceARN ?? '', context).tags),
      }),
    },
    TagResource: {
      requires: (input) => [{ action: 'events:TagResource', resource: input.ResourceARN ?? '' }],
      handle: (input, context) => {
        const tagged = find(store, input.ResourceARN ?? '', context);
        setTags(tagged, withTags(tagged.tags, input.Tags, TAG_RULES));
        return {};
      },
    },
    UntagResource: {
      requires: (input) => [{ action: 'events:UntagResource', resource: input.ResourceARN ?? '' }],
      handle: (input, context) => {
        const tagged = find(store, input.ResourceARN ?? '', context);
        setTags(tagged, withoutTags(tagged.tags, input.TagKeys));
        return {};
      },
    },
  };
}

/** @throws AwsError ResourceNotFoundException for a bus or rule that does not exist, and for what is neither */
function find(store: EventStore, arn: string, context: RequestContext): StoredBus | StoredRule {
  const [kind, ...path] = /^arn:([^:]*:){4}/.test(arn) ? parseArn(arn).resource.split('/') : [];
  if (kind === 'event-bus') return store.bus(busAddress(arn, context, 'resourceARN'));
  if (kind !== 'rule') throw resourceNotFound(`Resource ${arn} does not exist.`);
  const name = path.at(-1) ?? '';
  return store.rule(arn, name, busAddress(path.length > 1 ? path[0] : DEFAULT_BUS, context, 'resourceARN'));
}
