import type { Tag } from '@aws-sdk/client-eventbridge';
import { parseArn, type RequestContext, type Service } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import { resourceNotFound, validation } from './errors';
import type { EventStore, StoredBus, StoredRule } from './event-store';
import { busAddress, DEFAULT_BUS } from './names';

type Tags = Readonly<Record<string, string>>;

/** Tags of one bus or rule (EventBridge API reference, TagResource). */
const MAX_TAGS = 50;

/**
 * The tags a resource has after a request adds some to those it has.
 * @throws AwsError ValidationException for keys and values AWS refuses, and for too many
 */
export function checkedTags(added: readonly Tag[] | undefined, known: Tags = {}): Tags {
  const tags: Record<string, string> = { ...known };
  for (const [index, { Key = '', Value = '' }] of (added ?? []).entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: 128 });
    checkText(Value, `${member}.value`, { least: 0, most: 256 });
    if (/^aws:/i.test(Key)) throw validation(`Tag key ${Key} must not start with "aws:": AWS keeps such keys.`);
    tags[Key] = Value;
  }
  if (Object.keys(tags).length > MAX_TAGS) throw validation(`A resource has at most ${MAX_TAGS} tags.`);
  return tags;
}

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
        Tags: Object.entries(find(store, input.ResourceARN ?? '', context).tags).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      }),
    },
    TagResource: {
      requires: (input) => [{ action: 'events:TagResource', resource: input.ResourceARN ?? '' }],
      handle: (input, context) => {
        const tagged = find(store, input.ResourceARN ?? '', context);
        setTags(tagged, checkedTags(input.Tags, tagged.tags));
        return {};
      },
    },
    UntagResource: {
      requires: (input) => [{ action: 'events:UntagResource', resource: input.ResourceARN ?? '' }],
      handle: (input, context) => {
        const tagged = find(store, input.ResourceARN ?? '', context);
        const gone = new Set(input.TagKeys);
        setTags(tagged, Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !gone.has(key))));
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
