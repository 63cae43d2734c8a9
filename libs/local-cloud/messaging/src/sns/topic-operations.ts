import { unsupported, withTags, type Engine, type Service } from '@outbox/local-cloud-kernel';
import { topicAddress, topicFromArn } from './addresses';
import { invalidParameter } from './errors';
import { onTopic } from './permissions';
import { TAG_RULES } from './tag-operations';
import { checkTopicAttribute, defaultPolicy, shownTopic } from './topic-attributes';
import type { StoredTopic, TopicStore } from './topic-store';

/** Creating, describing, changing and deleting topics. */
export function topicOperations(
  store: TopicStore,
  { identity }: Pick<Engine, 'identity'>,
): Service<'sns'>['operations'] {
  const check = (name: string | undefined, value: string | undefined, operation: string): string | undefined =>
    checkTopicAttribute(name, value, operation, (text) => identity.resourcePolicyProblem(text));

  return {
    CreateTopic: {
      requires: (input, { accountId, region }) => {
        if (!input.Name) throw invalidParameter('Topic Name');
        const { arn } = topicAddress(accountId, region, input.Name);
        const create = { action: 'sns:CreateTopic', resource: arn };
        return input.Tags?.length ? [create, { action: 'sns:TagResource', resource: arn }] : [create];
      },
      handle: (input, { accountId, region }) => {
        const name = input.Name ?? '';
        if (name.endsWith('.fifo')) throw unsupported('sns', 'CreateTopic', 'FIFO topics');
        if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
        if (input.DataProtectionPolicy) throw unsupported('sns', 'CreateTopic', 'DataProtectionPolicy');
        const tags = withTags({}, input.Tags, TAG_RULES);
        const given: Record<string, string> = {};
        for (const [attribute, value] of Object.entries(input.Attributes ?? {})) {
          const checked = check(attribute, value, 'CreateTopic');
          if (checked !== undefined) given[attribute] = checked;
        }
        const address = topicAddress(accountId, region, name);
        const known = store.find(address.arn);
        if (known) assertSame(known, given, tags);
        else {
          const attributes = { Policy: defaultPolicy(address), ...given };
          store.save({ ...address, attributes, tags });
        }
        return { TopicArn: address.arn };
      },
    },
    GetTopicAttributes: {
      requires: (input, context) => [onTopic(store, 'GetTopicAttributes', topicFromArn(input.TopicArn), context)],
      handle: (input) => {
        const topic = store.get(input.TopicArn);
        return { Attributes: shownTopic(topic, store.subscriptionsTo(topic.arn)) };
      },
    },
    SetTopicAttributes: {
      requires: (input, context) => [onTopic(store, 'SetTopicAttributes', topicFromArn(input.TopicArn), context)],
      handle: (input) => {
        const topic = store.get(input.TopicArn);
        const name = input.AttributeName ?? '';
        const value = check(name, input.AttributeValue, 'SetTopicAttributes');
        const { [name]: _old, ...others } = topic.attributes;
        store.save({ ...topic, attributes: value === undefined ? others : { ...others, [name]: value } });
        return {};
      },
    },
    DeleteTopic: {
      requires: (input, context) => [onTopic(store, 'DeleteTopic', topicFromArn(input.TopicArn), context)],
      // One that isn't there is no error. Source: API reference, DeleteTopic.
      handle: (input) => {
        store.delete(topicFromArn(input.TopicArn).arn);
        return {};
      },
    },
  };
}

/** CreateTopic on a topic that exists answers its ARN, unless an attribute or a tag that is given differs. */
function assertSame(
  known: StoredTopic,
  attributes: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): void {
  if (Object.entries(attributes).some(([name, value]) => known.attributes[name] !== value)) {
    throw invalidParameter('Attributes', 'Topic already exists with different attributes');
  }
  if (Object.entries(tags).some(([key, value]) => known.tags[key] !== value)) {
    throw invalidParameter('Tags', 'Topic already exists with different tags');
  }
}
