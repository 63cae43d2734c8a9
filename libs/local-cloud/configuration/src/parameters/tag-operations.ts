import { AwsError, requestTagKeys, unsupported } from '@outbox/local-cloud-kernel';
import { tagList, tagRecord, withoutTags, type ListedTag, type Tags } from '../tag-list';
import { checkText, validation } from './errors';
import type { ParameterRecord, Place } from './model';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';

/** Source: API reference, AddTagsToResource. */
const MAX_TAGS = 50;

/** Tags of parameters; SSM tags what else it has by the same operations, which isn't here. */
export function tagOperations(parameters: Parameters): ParameterOperations {
  return {
    AddTagsToResource: {
      requires: (input, context) => [
        parameters.requires(
          'AddTagsToResource',
          context,
          input.ResourceId ?? '',
          requestTagKeys(tagRecord(input.Tags)),
        ),
      ],
      handle: (input, context) => {
        const parameter = find(parameters, context, 'AddTagsToResource', input);
        parameters.put({ ...parameter, tags: checkTags(parameter.tags, input.Tags) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: (input, context) => [parameters.requires('ListTagsForResource', context, input.ResourceId ?? '')],
      handle: (input, context) => {
        const { tags } = find(parameters, context, 'ListTagsForResource', input);
        return { TagList: tagList(tags) };
      },
    },
    RemoveTagsFromResource: {
      requires: (input, context) => [
        parameters.requires(
          'RemoveTagsFromResource',
          context,
          input.ResourceId ?? '',
          requestTagKeys({}, input.TagKeys),
        ),
      ],
      handle: (input, context) => {
        const parameter = find(parameters, context, 'RemoveTagsFromResource', input);
        parameters.put({ ...parameter, tags: withoutTags(parameter.tags, input.TagKeys ?? []) });
        return {};
      },
    },
  };
}

/** `current` with tags set. @throws AwsError for tags that no parameter can have */
export function checkTags(current: Tags, tags: readonly ListedTag[] = []): Tags {
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: 128 });
    checkText(Value, `${member}.value`, { least: 0, most: 256 });
    if (/^aws:/i.test(Key)) throw validation('Tag keys that begin with aws: are reserved.');
  }
  const all = { ...current, ...tagRecord(tags) };
  if (Object.keys(all).length > MAX_TAGS) {
    throw new AwsError('TooManyTagsError', `A parameter can have at most ${MAX_TAGS} tags.`);
  }
  return all;
}

/** @throws AwsError InvalidResourceId */
function find(
  parameters: Parameters,
  place: Place,
  operation: string,
  { ResourceId, ResourceType }: { ResourceId?: string | undefined; ResourceType?: string | undefined },
): ParameterRecord {
  if (ResourceType !== 'Parameter') throw unsupported('ssm', operation, `tags of a ${ResourceType}`);
  const found = parameters.find(place, ResourceId ?? '');
  if (!found)
    throw new AwsError(
      'InvalidResourceId',
      'The resource ID is not valid. Verify that you entered the correct ID and try again.',
    );
  return found;
}
