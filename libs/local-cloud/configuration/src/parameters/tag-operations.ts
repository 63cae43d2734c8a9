import { AwsError, requestTagKeys, unsupported } from '@outbox/local-cloud-kernel';
import { tagList, tagRecord, withoutTags, withTags, type ListedTag, type Tags } from '../tags/tag-list';
import { validation } from './errors';
import type { ParameterRecord, Place } from './model';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';

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
  return withTags(current, tags, {
    reserved: validation,
    tooMany: (most) => new AwsError('TooManyTagsError', `A parameter can have at most ${most} tags.`),
  });
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
